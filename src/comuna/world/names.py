"""Names that people of one neighbourhood could bear: given names and family names by culture. The
persons are invented; whoever finds their own name here shares it with many."""

from __future__ import annotations

from typing import NamedTuple


class Culture(NamedTuple):
    """`families` is how many family names a person bears: the father's and the mother's, or one."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    families: int = 2


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CULTURES = {
    "coast": Culture(
        words(
            "Yajaira Wilmer Katiuska Edinson Zoraida Freddy Maritza Nelson Yuleima Ramón Belkis"
            " Douglas Carmen José Xiomara Luis Milagros Jesús Gladys Orlando Rosa Simón Alexis"
        ),
        words(
            "Rojas Blanco Pacheco Graterol Colina Sequera Machado Arteaga Escalona Piñango Ruiz"
            " Oropeza Tovar Liendo Aponte Lugo Mijares Urbina Croquer Bello"
        ),
    ),
    "black": Culture(
        words(
            "Petra Juvenal Tomasa Hermógenes Ofelia Cruz Benita Policarpo Isidora Facundo Eulalia"
            " Domingo Berta Nicasio Modesta Anselmo"
        ),
        words(
            "Quiñónez Caicedo Mina Preciado Angulo Palacios Nazareno Monterrey Ponce Madriz"
            " Berroterán Echenique Longa Guacarán"
        ),
    ),
    "andes": Culture(
        words("Sisa Inti Nina Amaru Sami Yaku Wayra Rumi Killa Tamia Illari Sumak Asiri Pacha"),
        words("Guamán Chimbo Tocagón Quispe Mamani Cachimuel Anrango Yupanqui Pilla Chango"),
    ),
    "wayuu": Culture(
        words("Aitachón Jierü Neima Anashi Jayariyu Kashi Wanülüü Sarakai Iruya Atala"),
        words("Uriana Epieyú Ipuana Pushaina Jayariyú Epinayú Sapuana Apshana"),
    ),
    "levant": Culture(
        words("Nadia Elías Samira Jorge Amal Nassib Leila Farid Yamile Salim"),
        words("Saab Khoury Harb Chedid Abdala Nader Haddad"),
        families=1,
    ),
    "china": Culture(
        words("Mei Wenjie Lihua Guoqiang Xiulan Junhao Ying Weimin"),
        words("Chang Fung Leong Wong Ng Cen Mo"),
        families=1,
    ),
    "haiti": Culture(
        words("Marie-Ange Wilner Rose-Laure Dieudonné Guerda Frantz Mirlande Jean-Robert"),
        words("Pierre Toussaint Dorvil Saint-Fleur Cadet Jean-Baptiste Estimé"),
        families=1,
    ),
    "brazil": Culture(
        words(
            "Raimunda Severino Jurema Edvaldo Iracema Josué Conceição Adilson Luzia Genivaldo Dalva"
            " Claudinei Aparecida Antônio Socorro Moacir Neide Valdir"
        ),
        words(
            "Silva Santos Oliveira Nascimento Ferreira Araújo Barbosa Cardoso Moreira Batista"
            " Teixeira Rocha Almeida Conceição"
        ),
    ),
    "guarani": Culture(
        words("Jaxuka Karai Para Kuaray Yva Tupã Kerexu Verá Ara Tataendy"),
        words("Benites Martins Gonçalves Acosta Vogado Duarte"),
        families=1,
    ),
    "nikkei": Culture(
        words("Sayuri Kenji Harumi Takashi Naomi Jorge Mitiko Paulo"),
        words("Tanaka Nakamura Watanabe Saito Yamada Sakamoto"),
        families=1,
    ),
    "spain": Culture(
        words(
            "Amaia Iker Nerea Xabier Montserrat Jordi Rocío Manuel Uxía Brais Inmaculada Tomás"
            " Leire Andoni Pilar Vicente"
        ),
        words(
            "Etxeberria Agirre Puig Vila Castro Souto Romero Navarro Iriarte Ferrer Lozano Otero"
            " Zubiri Molina"
        ),
    ),
    "maghreb": Culture(
        words("Fátima Youssef Naima Rachid Samira Hassan Khadija Omar"),
        words("Benali Haddou Ouali Amrani Chaoui Idrissi"),
        families=1,
    ),
    "english": Culture(
        words(
            "Martha Walter June Curtis Denise Howard Annie Leroy Susan Calvin Ruth Wendell Gloria"
            " Earl Joanne Otis"
        ),
        words(
            "Freeman Whitfield Brooks Hayes Coleman Larkin Dawson Pruitt Mercer Tate Boone Sutton"
            " Granger Hollis"
        ),
        families=1,
    ),
    "hmong": Culture(
        words("Mai Tou Pa Kou Yer Chue Blia Vang"),
        words("Xiong Yang Lor Thao Moua Her"),
        families=1,
    ),
}
