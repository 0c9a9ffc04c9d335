"""What can be wrong, in Spanish, by the English sentence: facts stand in braces."""

from collections.abc import Mapping

SPANISH: Mapping[str, str] = {
    "is not as such a file is ({fault})": "no es como es un archivo así ({fault})",
    "the prices speak of {line}, which the centre does not have; give the prices file of this "
    "centre": "los precios hablan de {line}, que el centro no tiene; dé el archivo de precios de "
    "este centro",
    "the prices are of another centre; give the prices file of this one": "los precios son de "
    "otro centro; dé el archivo de precios de este",
    # any file
    "is not an object": "no es un objeto",
    "is not a list": "no es una lista",
    "is not a list of rows": "no es una lista de filas",
    "cannot be read ({fault})": "no se puede leer ({fault})",
    "give CSV in UTF-8, or a JSON list of rows": "dé CSV en UTF-8, o una lista JSON de filas",
    "give a file that a verb of `comuna plan` wrote":
        "dé un archivo que haya escrito un verbo de `comuna plan`",
    "give a list of rows": "dé una lista de filas",
    'give [{{"column": value, …}}, …]': 'dé [{{"columna": valor, …}}, …]',
    # the tables of a problem
    "is no table of a problem": "no es una tabla de un problema",
    "has an unknown table {in_table!r}": "tiene una tabla desconocida {in_table!r}",
    "the tables are {tables}": "las tablas son {tables}",
    "give one object with a list a table": "dé un objeto con una lista por tabla",
    "is missing or empty": "falta o está vacía",
    "give {columns}": "dé {columns}",
    "has an unknown column {extra!r}": "tiene una columna desconocida {extra!r}",
    "the columns are {columns}": "las columnas son {columns}",
    "{name} is empty": "{name} está vacío",
    "{name} is {written!r}": "{name} es {written!r}",
    "is the table {in_table} a second time": "es la tabla {in_table} por segunda vez",
    "has the column {column!r} twice": "tiene dos veces la columna {column!r}",
    "{cell!r} stands under no heading": "{cell!r} no está bajo ningún título",
    "give its column a name, or call it notes": "dé un nombre a su columna, o llámela notas",
    "uses {quantity} of a mean": "usa {quantity} de un medio",
    "a mean is used or not used; what gives something back is a good":
        "un medio se usa o no se usa; lo que devuelve algo es un bien",
    "{quantity} is too fine beside the other lines":
        "{quantity} es demasiado fino al lado de las otras líneas",
    "use smaller steps for what it counts": "use pasos más pequeños para lo que cuenta",
    "write a name": "escriba un nombre",
    "write a number from {least} to {most}": "escriba un número de {least} a {most}",
    "write one of {choices}": "escriba uno de estos: {choices}",
    "write a whole number from {least} to {most}":
        "escriba un número entero de {least} a {most}",
    "name one of {names}: {shown}": "nombre uno de {names}: {shown}",
    "name a good of goods, or for kind use a mean of means":
        "nombre un bien de goods, o si kind es use un medio de means",
    "{value!r} comes twice": "{value!r} aparece dos veces",
    "give each its own name": "dé a cada uno su propio nombre",
    "says {names} a second time": "dice {names} por segunda vez",
    "keep one row": "deje una sola fila",
    "keep one": "deje uno solo",
    "is its own hub, round a circle": "es su propio centro de acopio, en círculo",
    "leave hub empty for the topmost": "deje hub vacío en el más alto",
    "{curve} rises to {worth}": "{curve} sube a {worth}",
    "put the most urgent part first: worth may only fall":
        "ponga primero la parte más urgente: el valor solo puede bajar",
    "goes from a hub to itself": "va de un centro a sí mismo",
    "name two hubs": "nombre dos centros",
    "has two means of kind transport": "tiene dos medios de clase transport",
    "nothing limits {recipe!r}": "nada limita {recipe!r}",
    "give at_most, or a line of kind input or use":
        "dé at_most, o una línea de clase input o use",
    # input-output tables
    "has no rows": "no tiene filas",
    "give a header row and a row a sector": "dé una fila de títulos y una fila por sector",
    "no column has the name of a row": "ninguna columna se llama como una fila",
    "name the sectors alike in rows and columns":
        "llame igual a los sectores en filas y columnas",
    "{cell!r} under {header!r} is not a number": "{cell!r} bajo {header!r} no es un número",
    "write a plain number such as 1234.5": "escriba un número sencillo, como 1234.5",
    "{label!r} comes twice": "{label!r} aparece dos veces",
    "name each row once": "nombre cada fila una sola vez",
    "{label}: {terms} is {total} and not the output {output}":
        "{label}: {terms} es {total} y no la producción {output}",
    "correct the row, or leave output out": "corrija la fila, o quite la producción",
    "has neither output nor final use": "no tiene ni producción ni uso final",
    "add a row or a column called output": "añada una fila o columna llamada output",
    "is not from, to and a number": "no es de, a y un número",
    "write e.g. iron,coal,3": "escriba p. ej. hierro,carbón,3",
    "{giver} to {user} comes twice": "{giver} a {user} aparece dos veces",
    "add them up": "súmelos",
    "nothing both gives and takes": "nada da y toma a la vez",
    "shares no product or no industry with the supply table":
        "no comparte ningún producto o ninguna industria con la tabla de oferta",
    "name rows (products) and columns (industries) alike in both":
        "llame igual a las filas (productos) y columnas (industrias) en las dos",
    "name the sectors alike in from and to": "llame igual a los sectores en de y a",
    # plans
    "is not a plan": "no es un plan",
    'its format is to be "{format}"': 'su format ha de ser "{format}"',
    "was made for another problem": "se hizo para otro problema",
    "its problem is to be {identity}": "su problem ha de ser {identity}",
    "has the mode {mode!r}": "tiene el modo {mode!r}",
    "write one of {modes}": "escriba uno de estos: {modes}",
    "lacks level or best": "le falta level o best",
    "write millionths": "escriba millonésimas",
    "give names and a number": "dé nombres y un número",
    "names nothing in the problem": "no nombra nada del problema",
    "use the names of the problem": "use los nombres del problema",
    "has {value!r} for a number": "tiene {value!r} por número",
    "write a whole number": "escriba un número entero",
    "says it a second time": "lo dice por segunda vez",
    "has no scale": "no tiene scale",
    'give {{"scale": …, "rows": […]}}': 'dé {{"scale": …, "rows": […]}}',
    "takes more than there is of {words}": "toma más de lo que hay de {words}",
    "a plan may use only what there is": "un plan solo puede usar lo que hay",
    "{kind} {x} is outside 0 to {most}": "{kind} {x} está fuera de 0 a {most}",
    "stay within": "quédese dentro",
    "was altered after it was published": "fue cambiado después de publicarse",
    "its fingerprint is of other numbers": "su huella es de otros números",
    "has a price below nothing": "tiene un precio menor que cero",
    "prices are 0 or more": "los precios son 0 o más",
    "{key} is not what follows from the plan": "{key} no es lo que resulta del plan",
    "it would be as `comuna plan check` calculates it":
        "sería como lo calcula `comuna plan check`",
    "best is not {best}": "best no es {best}",
    "see its prices": "mire sus precios",
    "level is not {level}": "level no es {level}",
    "see the floors": "mire los pisos",
    # another solver's answer
    "names {name}": "nombra {name}",
    "there are {size}, from {kind}0 on": "hay {size}, desde {kind}0",
    "{name} is {word!r}": "{name} es {word!r}",
    "says {said!r}": "dice {said!r}",
    "a solver that found nothing gives no plan":
        "un programa que no encontró nada no da ningún plan",
    "a solver that says nan or inf has found nothing":
        "un programa que dice nan o inf no ha encontrado nada",
    "names no column": "no nombra ninguna columna",
    "give lines such as c7 12.5": "dé líneas como c7 12.5",
    # offers, prices and shares
    "is {own}": "es {own}",
    "agreed is {common}": "lo acordado es {common}",
    "{have} differs": "{have} es distinto",
    "agreed is {line}": "lo acordado es {line}",
    "no body has a hub where the parts meet":
        "ningún cuerpo tiene un centro donde se encuentran las partes",
    "name one of {hubs} as hub": "nombre como hub uno de estos: {hubs}",
    "says something of {hub!r}": "dice algo de {hub!r}",
    "what is at a common hub stands in the centre's file":
        "lo que hay en un centro común está en el archivo del centro",
    "is another kind of file": "es otra clase de archivo",
    'its format is to be "{wanted}"': 'su format ha de ser "{wanted}"',
    "was altered after it was written": "fue cambiado después de escribirse",
    "ask for the file again": "pida el archivo otra vez",
    "has {found} offers of {part!r}": "tiene {found} ofertas de {part!r}",
    "give one of every part": "dé una de cada parte",
    "{part!r} was not there in round 0": "{part!r} no estaba en la ronda 0",
    "every part answers the call first": "cada parte responde primero a la llamada",
    # what happened, and readings
    "lacks a column": "le falta una columna",
    "is {said}": "es {said}",
    "write {columns}, the last a whole number": "escriba {columns}, el último un número entero",
    "{names} comes twice": "{names} aparece dos veces",
    "has too few readings": "tiene muy pocas lecturas",
    "give a header and at least three rows of a time and a number":
        "dé una fila de títulos y al menos tres de un momento y un número",
    "{cell!r} is not a number": "{cell!r} no es un número",
    "the three numbers are {numbers}": "los tres números son {numbers}",
    "give whole numbers, 0 < capability ≤ potentiality":
        "dé números enteros, 0 < capability ≤ potentiality",
    # scenarios
    "has no scenario": "no tiene ningún escenario",
    "give rows with scenario, table, column and times or value":
        "dé filas con scenario, table, column y times o value",
    "names no scenario": "no nombra ningún escenario",
    "give it a name": "dele un nombre",
    "table is {in_table!r}": "table es {in_table!r}",
    "write one of {tables}": "escriba una de estas: {tables}",
    "column is {column!r}": "column es {column!r}",
    "write one of {numbers}": "escriba una de estas: {numbers}",
    "gives no number, or two": "no da ningún número, o da dos",
    "write a whole number under times (thousandths) or value":
        "escriba un número entero en times (milésimas) o en value",
    "{in_table} has no column {key!r}": "{in_table} no tiene la columna {key!r}",
    "its columns are {columns}": "sus columnas son {columns}",
    # what cannot be counted
    "a step of {good} for the {people} of {body} (norm {norm}) is worth too little to be counted "
    "beside one of {dear} for the {many} of {there} (norm {short}): worth is people × weight × "
    "part ÷ norm; use larger steps for {good}, or smaller ones for {dear}":
        "un paso de {good} para las {people} personas de {body} (norma {norm}) vale demasiado poco "
        "para contarse al lado de uno de {dear} para las {many} de {there} (norma {short}): el "
        "valor es personas × peso × parte ÷ norma; use pasos mayores para {good}, o menores para "
        "{dear}",
    "{body} needs {norm} steps of {good}, on a curve {width} thousandths wide: more than can be "
    "counted; use larger steps for {good}":
        "{body} necesita {norm} pasos de {good}, en una curva de {width} milésimas de ancho: más "
        "de lo que se puede contar; use pasos mayores para {good}",
    "the transport of {goods} cannot be counted together: their steps have {one} for a common "
    "multiple; give them alike steps, or the transport larger ones":
        "el transporte de {goods} no se puede contar junto: sus pasos tienen {one} por múltiplo "
        "común; deles pasos parecidos, o al transporte pasos mayores",
    "{recipe} at {body} would make ever more out of its own goods, round and round; give at_most "
    "in abilities":
        "{recipe} en {body} haría cada vez más de sus propios bienes, en círculo; dé at_most en "
        "abilities",
    # what cannot be calculated
    "{folder} already holds a template; choose an empty folder":
        "{folder} ya tiene una plantilla; elija una carpeta vacía",
    "there is no mode {mode!r}; there are {modes}": "no hay modo {mode!r}; hay {modes}",
    "there is no method {method!r}; there are {methods}": "no hay método {method!r}; hay {methods}",
    "the solver gave no plan ({status}); try another --method":
        "el programa que resuelve no dio ningún plan ({status}); pruebe otro --method",
    "this HiGHS does not know {name} = {value}; install highspy ≥ 1.15":
        "este HiGHS no conoce {name} = {value}; instale highspy ≥ 1.15",
    "this model does not fall into pieces; try another solver":
        "este modelo no se divide en piezas; pruebe otra manera de resolverlo",
    "the quantities are too large for their smallest steps; use larger steps":
        "las cantidades son muy grandes para sus pasos más pequeños; use pasos mayores",
    "the plan could not be made executable; tell the authors of this program":
        "el plan no se pudo hacer ejecutable; avise a quienes hacen este programa",
    "the plan overdraws what there is; tell the authors of this program":
        "el plan gasta más de lo que hay; avise a quienes hacen este programa",
    "the two plans meet different needs; compare two plans of one problem":
        "los dos planes cubren necesidades distintas; compare dos planes de un mismo problema",
    "this is not a published plan; `comuna plan solve --out` writes one":
        "esto no es un plan publicado; `comuna plan solve --out` escribe uno",
    "mode {mode} has {found} stages; there is no stage {stage}":
        "el modo {mode} tiene {found} etapas; no hay etapa {stage}",
    "the sectors use up all they make, so nothing is left for final use; look for a sector whose "
    "inputs are larger than its output":
        "los sectores gastan todo lo que hacen y nada queda para uso final; busque un sector que "
        "tome más de lo que da",
    "some sector needs more than one unit of itself to make one unit, all the way down; look for "
    "a sector whose inputs are larger than its output":
        "algún sector necesita, en todo el camino, más de una unidad de sí mismo para hacer una; "
        "busque un sector que tome más de lo que da",
    "there is no sector {sector!r}; there are {sectors}":
        "no hay sector {sector!r}; hay {sectors}",
    "labour values do not settle: the sectors use up all they make":
        "los valores del trabajo no se asientan: los sectores gastan todo lo que hacen",
    "no plan makes this final use; the sectors use up all they make":
        "ningún plan da este uso final; los sectores gastan todo lo que hacen",
    "supply and use are both products × industries, and final is one a product":
        "oferta y uso son los dos productos × industrias, y el uso final es uno por producto",
    "there is no period {first!r}; there are {periods}":
        "no hay período {first!r}; hay {periods}",
    "no period {first}; the plan has {period}, from 0":
        "no hay período {first}; el plan tiene {period}, desde 0",
    "nothing is needed in these periods; look further ahead":
        "en estos períodos no hace falta nada; mire más adelante",
    "no records to plan by; give at least one harvest":
        "no hay registros con los que planificar; dé al menos una cosecha",
    "{body!r} has no ability {recipe!r}; add it to abilities first":
        "{body!r} no sabe hacer {recipe!r}; añádalo antes a abilities",
    "{body!r} cannot have done {recipe!r} in {period!r}; the plan knows no such ability or period":
        "{body!r} no puede haber hecho {recipe!r} en {period!r}; el plan no conoce tal capacidad o "
        "período",
    "{good!r} at {body!r} is counted, but one of them is not in the plan":
        "se contó {good!r} en {body!r}, pero uno de los dos no está en el plan",
    "the scenario's row {row} meets no row of {table}; look for a name written otherwise in "
    "{where}":
        "la fila {row} del escenario no coincide con ninguna de {table}; busque un nombre escrito "
        "de otro modo en {where}",
    "the scenario's row {row} multiplies {table}.{column}, but no number stands there; give a "
    "value":
        "la fila {row} del escenario multiplica {table}.{column}, pero ahí no hay ningún número; "
        "dé un value",
    "no offer answers the call; give all offers, those of round 0 too":
        "ninguna oferta responde a la llamada; dé todas, también las de la ronda 0",
    "no prices have been answered yet": "todavía no se ha respondido a ningún precio",
    "the offers could not be mixed; try another --method":
        "las ofertas no se pudieron mezclar; pruebe otro --method",
    "offers answer prices; give the prices file last sent with --after":
        "las ofertas responden a precios; dé con --after el último archivo de precios enviado",
    "the last offers do not answer these prices; give the file they answer":
        "las últimas ofertas no responden a estos precios; dé el archivo al que responden",
    "{part} draws on {line}, which the centre does not have; agree on goods, periods and hubs "
    "first":
        "{part} toma de {line}, que el centro no tiene; acuerden antes bienes, períodos y centros",
    "the share is at {body!r} in {period!r}; the problem has no such place":
        "la parte está en {body!r} en {period!r}; el problema no tiene tal lugar",
    "the share is of {thing!r}; the problem has no such good":
        "la parte es de {thing!r}; el problema no tiene tal bien",
    "what is owed is worth too much for a problem file; use larger steps":
        "lo que se debe vale demasiado para un archivo de problema; use pasos mayores",
    "the three numbers are made, could be made with what there is, could be made if hindrances "
    "went: give 0 ≤ actuality, 0 < capability ≤ potentiality":
        "los tres números son lo hecho, lo posible con lo que hay y lo posible sin estorbos: dé "
        "0 ≤ actuality, 0 < capability ≤ potentiality",
    "give at least three readings, or the noise": "dé al menos tres lecturas, o el ruido",
}  # fmt: skip
