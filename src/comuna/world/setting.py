"""Where a generated body lives: proper names and money. What people write is in `texts`."""

from __future__ import annotations

from typing import NamedTuple

from comuna.rules.statute import Statute


class Setting(NamedTuple):
    """`rate` is how many smallest units of the money make one cent of the generator's own scale,
    in which a sack of flour costs about 2,500."""

    name: str
    unit: str
    rate: int
    place: str
    cultures: tuple[str, ...]
    ironmonger: str
    fuel: str
    power: str
    sacks: str
    machines: str
    trucks: str
    school: str
    buyers: tuple[str, ...]
    grantors: tuple[str, str, str]
    councils: tuple[str, ...] = (
        "Asociación de Regantes El Guayacán",
        "Círculo de Mujeres La Ceiba",
    )


COAST = Setting(
    name="Comuna Flor de Cacao",
    unit="USD",
    rate=1,
    place="Galpón del secadero, La Ceiba",
    cultures=("coast", "black", "andes", "coast", "black", "levant", "china", "haiti"),
    ironmonger="Ferretería La Ceiba",
    fuel="Estación El Cruce",
    power="Empresa Eléctrica",
    sacks="Sacos y Empaques Guayacán",
    machines="Taller Hermanos Ponce",
    trucks="Camiones del Litoral",
    school="Escuela Campesina Manuela León",
    buyers=("Chocolatería La Semilla", "Cooperativa Mar Abierto", "Mercado Popular de San Juan"),
    grantors=("Municipio de La Ceiba", "Fundación Tierra Nuestra", "Red de Comercio Justo del Sur"),
)
VENEZUELA = COAST._replace(
    name="Comuna Flor de Cacao",
    unit="VES",
    rate=200,
    cultures=("coast", "black", "coast", "wayuu", "black", "levant", "china", "coast"),
    power="Corpoelec",
    fuel="Estación de servicio El Clavo",
    councils=("Consejo Comunal El Samán", "Consejo Comunal Los Cumbes Unidos"),
    school="Escuela de Formación Juana la Avanzadora",
    grantors=("Consejo Federal de Gobierno", "Gobernación, obras", "Comuna Los Cumbes"),
)
BRAZIL = COAST._replace(
    name="Cooperativa Raízes do Vale",
    unit="BRL",
    rate=5,
    place="Galpão da secagem, Vila Jurema",
    cultures=("brazil", "brazil", "guarani", "brazil", "nikkei", "haiti"),
    ironmonger="Ferragens Vila Jurema",
    fuel="Posto do Trevo",
    power="Companhia de Energia",
    sacks="Sacaria Boa Safra",
    machines="Oficina Irmãos Rocha",
    trucks="Caminhões do Recôncavo",
    school="Escola da Terra",
    councils=("Associação de Irrigantes", "Coletivo de Mulheres da Vila"),
    buyers=("Chocolates da Mata", "Feira Agroecológica", "Cooperativa Mar Aberto"),
    grantors=("Prefeitura Municipal", "Fundação Semeia", "Rede de Comércio Justo"),
)
UNITED_STATES = COAST._replace(
    name="Riverbend Workers Co-operative",
    place="Packing shed, Riverbend",
    cultures=("english", "coast", "english", "hmong", "haiti", "andes"),
    ironmonger="Riverbend Hardware",
    fuel="Crossroads Fuel",
    power="County Electric",
    sacks="Miller Packaging",
    machines="Ponce Brothers Machine Shop",
    trucks="Delta Truck Sales",
    school="Highlander Folk Classes",
    councils=("Riverbend Growers Association", "Eastside Tenants Council"),
    buyers=("Seed & Bean Chocolate", "Open Sea Co-op", "Saturday Market"),
    grantors=("City of Riverbend", "Common Ground Fund", "Fair Trade Network"),
)
SPAIN = COAST._replace(
    name="Cooperativa La Acequia",
    unit="EUR",
    place="Nave de la cooperativa, Valdeagua",
    cultures=("spain", "spain", "maghreb", "spain", "coast", "china"),
)
SETTINGS = {
    "AR": COAST._replace(name="Cooperativa Surco Común", unit="ARS", rate=1400),
    "BR": BRAZIL,
    "ES": SPAIN,
    "FR": SPAIN._replace(name="Scop Les Semences"),
    "IN": COAST._replace(name="Ward Thengumthottam", unit="INR", rate=85),
    "MX": COAST._replace(name="Ejido Flor de Cacao", unit="MXN", rate=18),
    "US": UNITED_STATES,
    "VE": VENEZUELA,
}


def setting_of(law: Statute) -> Setting:
    """The place a statute is of, by its country; one without a place lives on the coast."""
    return SETTINGS.get(law.place[:2], COAST)
