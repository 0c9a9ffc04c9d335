"""The words of every finding, English and Spanish; its name is the same in report and test."""

from comuna.audit.surplus_texts import SURPLUS_TEXTS

TEXTS: dict[str, tuple[str, str]] = {
    # --- the bytes ---
    "checkpoint_malformed": (
        "the checkpoint is not in its one form: {detail}",
        "el punto de control no está en su única forma: {detail}",
    ),
    "checkpoint_unsigned": (
        "the checkpoint is not signed by the key of this book",
        "el punto de control no lleva la firma de la clave de este libro",
    ),
    "column_differs": (
        "the column {column} says {stored}, the entry says {said}",
        "la columna {column} dice {stored} y la entrada dice {said}",
    ),
    "document_mismatch": (
        "the file does not have the fingerprint it is kept under",
        "el archivo no tiene la huella bajo la que se guarda",
    ),
    "entry_malformed": (
        "the bytes are no entry in its one form: {detail}",
        "los bytes no son una entrada en su única forma: {detail}",
    ),
    "file_missing": ("the file is missing", "falta el archivo"),
    "file_strange": (
        "a file that belongs to no tile of this book",
        "un archivo que no pertenece a este libro",
    ),
    "file_unreadable": ("cannot be read: {detail}", "no se puede leer: {detail}"),
    "leaf_mismatch": (
        "the stored hash is not that of the entry",
        "la huella guardada no es la de la entrada",
    ),
    "nonce_reused": (
        "the nonce {nonce} was used before, in entry {first}",
        "el identificador {nonce} ya se usó en la entrada {first}",
    ),
    "not_consistent": (
        "the first {size} entries are not those that were signed: the book was rewritten or forked",
        "las primeras {size} entradas no son las firmadas: el libro fue reescrito o bifurcado",
    ),
    "number_gap": (
        "entry {expected} is missing here: number {number} follows",
        "aquí falta la entrada {expected}: sigue el número {number}",
    ),
    "other_body": (
        "it belongs to another body, {body}",
        "pertenece a otra organización, {body}",
    ),
    "other_book": (
        "the checkpoint is of {origin}, which is not here",
        "el punto de control es de {origin}, que no está aquí",
    ),
    "checkpoint_differs": (
        "the checkpoint read aloud, {size} and {root}, is not of this book: its {size} entries "
        "were others",
        "el punto de control leído en voz alta, {size} y {root}, no es de este libro: sus {size} "
        "entradas eran otras",
    ),
    "seen_differs": (
        "whoever signed this had seen other entries before it: the first {size} were others",
        "quien firmó esto había visto otras entradas antes: las primeras {size} eran otras",
    ),
    "book_not_named": (
        "whoever signed this did not name the book they had before them",
        "quien firmó esto no nombró el libro que tenía delante",
    ),
    "size_went_back": (
        "{size} entries were signed, only {stored} are here",
        "se firmaron {size} entradas y aquí solo hay {stored}",
    ),
    "tile_differs": (
        "the file holds other bytes than the entries give",
        "el archivo contiene otros bytes que los que dan las entradas",
    ),
    "time_runs_backwards": (
        "recorded before the entry before it",
        "registrada antes que la entrada anterior",
    ),
    # --- authors ---
    "attested_and_more": (
        "attested by the server alone, yet with signatures or a date of paper",
        "atestiguado solo por el servidor y, sin embargo, con firmas o fecha de papel",
    ),
    "form_not_accepted": (
        "{form} is no form the statute accepts for this act (accepted: {accepted})",
        "el estatuto no acepta la forma {form} para este acto (acepta: {accepted})",
    ),
    "founder_has_not_signed": (
        "founders {members} have not signed the founding",
        "las personas fundadoras {members} no firmaron la fundación",
    ),
    "founders_without_keys": (
        "fewer than two founders with a key of their own",
        "menos de dos personas fundadoras con clave propia",
    ),
    "happened_in_the_future": (
        "done after it was recorded",
        "hecho después de registrarse",
    ),
    "moment_out_of_range": (
        "the moment {moment} is not in the years 1970 to 2999",
        "el momento {moment} no está entre los años 1970 y 2999",
    ),
    "key_malformed": ("no public key: {detail}", "no es una clave pública: {detail}"),
    "key_not_in_force": (
        "the key {key} of member {member} did not count at that time",
        "la clave {key} de la persona {member} no valía en ese momento",
    ),
    "key_unknown": (
        "the key {key} is not member {member}'s",
        "la clave {key} no es de la persona {member}",
    ),
    "not_a_member": (
        "{member} is not a member",
        "{member} no es persona socia",
    ),
    "paper_beside_signature": (
        "signed, yet with witnesses or paper",
        "firmado y, sin embargo, con testigos o papel",
    ),
    "paper_missing": (
        "the fingerprint of the paper is missing",
        "falta la huella del papel",
    ),
    "paper_too_late": (
        "entered {days} days after the paper; {allowed} are allowed",
        "registrado {days} días después del papel; se permiten {allowed}",
    ),
    "paper_without_secretary": (
        "entered from paper and signed by nobody whose office it is",
        "tomado de papel sin la firma de quien tiene ese cargo",
    ),
    "signature_invalid": (
        "the signature of member {member} is not over these bytes",
        "la firma de la persona {member} no es de estos bytes",
    ),
    "signature_missing": (
        "member {member} has not signed",
        "falta la firma de la persona {member}",
    ),
    "signed_twice": ("member {member} signed twice", "la persona {member} firmó dos veces"),
    "witness_has_not_signed": (
        "entered from paper, and of the witnesses {given} signed with their own keys, not {needed}",
        "registrado desde el papel, y de los testigos firmaron con su clave {given}, no {needed}",
    ),
    "witness_of_no_other_office": (
        "entered from paper without the key of a witness who holds another office",
        "registrado desde el papel sin la clave de un testigo que ocupe otro cargo",
    ),
    "witnesses_missing": (
        "fewer than {needed} witnesses, or the same one twice",
        "menos de {needed} testigos, o alguien dos veces",
    ),
    # --- roll, keys, offices ---
    "about_nothing": (
        "it observes entry {number}, which is none before it",
        "observa la entrada {number}, que no es anterior",
    ),
    "answer_of_another": (
        "member {member} is not the one concerned",
        "la persona {member} no es la afectada",
    ),
    "applicant_number": (
        "the next applicant has number {expected}",
        "la siguiente solicitud lleva el número {expected}",
    ),
    "formerly_no_member": (
        "number {member}, named as that of before, is nobody who left",
        "el número {member}, dado como el de antes, no es de nadie que se haya ido",
    ),
    "ending_in_force": (
        "undone after it had taken effect (act {ending})",
        "deshecho cuando ya había surtido efecto (acto {ending})",
    ),
    "ending_of_another": (
        "member {member} is not the one in whose name it was entered",
        "no se registró en nombre de la persona {member}",
    ),
    "ending_unknown": (
        "act {ending} entered nothing from paper that can be undone",
        "el acto {ending} no registró desde el papel nada que se pueda deshacer",
    ),
    "body_id_differs": (
        "the founding act is that of {expected}",
        "el acto de fundación es el de {expected}",
    ),
    "body_unnamed": (
        "the body has no name, or its unit has none",
        "la organización no tiene nombre, o no lo tiene su unidad",
    ),
    "commitment_malformed": (
        "what stands for a person's name is no fingerprint of 64 hex digits",
        "lo que representa el nombre de una persona no es una huella de 64 cifras hexadecimales",
    ),
    "decimals_out_of_range": (
        "a unit with {decimals} decimals; 0 to 6 are possible",
        "una unidad con {decimals} decimales; caben de 0 a 6",
    ),
    "body_twice": (
        "a body is on the roll already: a second seat would be a second vote",
        "la organización ya está en el padrón: otro puesto sería otro voto",
    ),
    "exclusion_without_charge": (
        "member {member} was not charged with this",
        "a la persona {member} no se le formuló este cargo",
    ),
    "founded_twice": ("a founding that is not entry 1", "una fundación que no es la entrada 1"),
    "hearing_missing": (
        "{days} days to be heard; the statute gives {needed}",
        "{days} días de audiencia; el estatuto da {needed}",
    ),
    "key_enrolled_twice": ("the key is somebody's already", "la clave ya es de alguien"),
    "kin_unknown": ("kin who are not on the roll", "parientes que no están en el padrón"),
    "kinship_not_open": (
        "member {member} declares no kinship to {kin} that waits to be confirmed",
        "la persona {member} no declara con {kin} un parentesco por confirmar",
    ),
    "lot_unlawful": (
        "{office} was not to be filled so: the statute says by lot or not, and a lot draws, after"
        " the vote, so many of different persons",
        "{office} no podía llenarse así: el estatuto dice si se sortea, y el sorteo saca, después"
        " de votar, a tantas de entre personas distintas",
    ),
    "member_kind_unknown": (
        "the statute has no such kind of member: {kind}",
        "el estatuto no conoce esa clase de persona socia: {kind}",
    ),
    "more_than_the_seats": (
        "more persons than seats in {office}",
        "más personas que puestos en {office}",
    ),
    "no_vote": ("{member} has no vote in this", "{member} no tiene voto en esto"),
    "nobody_elected": ("nobody elected to {office}", "nadie elegido para {office}"),
    "not_taken_up": (
        "no member signed the application of {member}",
        "ningún miembro firmó la solicitud de {member}",
    ),
    "not_an_applicant": ("{member} has not applied", "{member} no ha solicitado entrar"),
    "not_eligible": (
        "member {member} cannot hold {office}: kind, age, terms or a recall stand against it",
        "la persona {member} no puede ejercer {office}: clase, edad, períodos o revocación",
    ),
    "not_founded": ("no founding stands before it", "no hay fundación antes"),
    "office_not_held": (
        "member {member} does not hold {office}",
        "la persona {member} no ejerce {office}",
    ),
    "office_unknown": ("no such office: {office}", "no existe ese cargo: {office}"),
    "offices_incompatible": (
        "{office} is incompatible with an office held by the same person or kin",
        "{office} es incompatible con otro cargo de la misma persona o de parientes",
    ),
    "own_kinship": (
        "member {member} confirmed a kinship of their own",
        "la persona {member} confirmó un parentesco propio",
    ),
    "petition_below_threshold": (
        "petition {petition} has not reached its signatures",
        "la petición {petition} no reunió sus firmas",
    ),
    "petition_unknown": (
        "no open petition {petition}",
        "no hay petición abierta {petition}",
    ),
    "recall_too_early": (
        "recall from {office} before half of the term",
        "revocación de {office} antes de la mitad del período",
    ),
    "seat_of_a_stranger": (
        "an office for somebody who is no founder",
        "un cargo para quien no es persona fundadora",
    ),
    "seated_twice": ("seated twice in one office", "dos veces en un mismo cargo"),
    "sponsors_without_office": (
        "vouched for by nobody who keeps the register, or by nobody in another office",
        "sin el aval de quien lleva el padrón, o sin el de otro cargo",
    ),
    "sponsors_missing": (
        "{given} sponsors signed; {needed} are needed",
        "firmaron {given} avales; se necesitan {needed}",
    ),
    "statute_not_in_force": (
        "the law of the statute was not in force that day: it is from {since} to {until}",
        "la ley del estatuto no regía ese día: vale de {since} a {until}",
    ),
    "statute_malformed": ("{detail}", "el estatuto no se puede leer: {detail}"),
    "supported_twice": (
        "member {member} supported it already",
        "la persona {member} ya la apoyó",
    ),
    "term_expired": (
        "member {member} holds no mandate for it ({power}) at that time",
        "la persona {member} no tiene mandato para ello ({power}) en ese momento",
    ),
    "too_few_renewed": (
        "{given} of the elected are new; {needed} must be",
        "{given} de las personas elegidas son nuevas; deben serlo {needed}",
    ),
    "too_few_founders": ("fewer than {needed} founders", "menos de {needed} personas fundadoras"),
    # --- assemblies and votes ---
    "assembly_closed": ("assembly {assembly} was closed", "la asamblea {assembly} estaba cerrada"),
    "assembly_not_open": (
        "assembly {assembly} was not sitting",
        "la asamblea {assembly} no estaba reunida",
    ),
    "assembly_open_already": (
        "assembly {assembly} was open already",
        "la asamblea {assembly} ya estaba abierta",
    ),
    "assembly_time_backwards": (
        "before what was last done in assembly {assembly}",
        "antes de lo último hecho en la asamblea {assembly}",
    ),
    "assembly_unknown": ("no assembly {assembly}", "no hay asamblea {assembly}"),
    "ballots_exceed_voters": (
        "{hands} hands of {present} people",
        "{hands} manos de {present} personas",
    ),
    "before_its_call": (
        "before the time for which assembly {assembly} was called",
        "antes de la hora de convocatoria de la asamblea {assembly}",
    ),
    "closing_hour_unlawful": (
        "the hour fixed for closing leaves too little time, or the vote is no roll call",
        "la hora fijada para cerrar deja poco tiempo, o la votación no es nominal",
    ),
    "list_unsigned": (
        "what no vote shows (who gave no answer, what dice showed) is not signed as it has to be",
        "lo que ningún voto muestra (quién no respondió, qué salió en los dados) no lleva las"
        " firmas que debe",
    ),
    "teller_not_in_office": (
        "a teller in office was there, and others alone signed the count",
        "había una persona del cargo de escrutinio y el recuento solo lo firmaron otras",
    ),
    "unanswered_misnamed": (
        "the list of those who gave no answer names somebody else",
        "la lista de quienes no respondieron nombra a otra persona",
    ),
    "amendment_widens": (
        "an amendment in the sitting asks for more than proposal {decision} did on the call",
        "una enmienda en la asamblea pide más que la propuesta {decision} convocada",
    ),
    "hour_in_no_silence": (
        "the hour was set back to where the book had been written on",
        "se devolvió la hora a un momento en que el libro sí tenía actos",
    ),
    "hour_of_another_day": (
        "recorded more than a month from the hour that was signed",
        "registrada a más de un mes de la hora que se firmó",
    ),
    "too_few_set_the_hour": (
        "{given} of {voters} set the hour back, not more than half",
        "devolvieron la hora {given} de {voters}, no más de la mitad",
    ),
    "body_asleep": (
        "after {days} days without an entry only an assembly of the roll as it was is lawful",
        "tras {days} días sin actos solo cabe una asamblea del padrón de entonces",
    ),
    "call_not_waited_for": (
        "call {call} was given up before the statute's time of waiting",
        "se dio por fallido el llamado {call} antes del tiempo de espera del estatuto",
    ),
    "call_unclear": (
        "the call does not say where, or what is to be decided: each item has a title, and names a "
        "proposal where it is for a decision, and only there",
        "la convocatoria no dice dónde o qué se decide: cada punto tiene título, y nombra una "
        "propuesta si es para decidir, y solo entonces",
    ),
    "call_over": (
        "later than the statute allows after the hour of assembly {assembly}",
        "más tarde de lo que el estatuto permite tras la hora de la asamblea {assembly}",
    ),
    "item_not_in_hand": (
        "proposal {decision} was not the item in hand",
        "no se estaba tratando la propuesta {decision}",
    ),
    "not_everyone_told": (
        "notice is shown to have reached {reached}, not everyone on the roll",
        "consta aviso a {reached} personas, no a todo el padrón",
    ),
    "present_elsewhere": (
        "member {member} was in another assembly",
        "la persona {member} estaba en otra asamblea",
    ),
    "second_reading_missing": (
        "proposal {decision} was widened after this assembly was called",
        "la propuesta {decision} se amplió después de convocarse esta asamblea",
    ),
    "vote_in_use": (
        "vote {vote} was withdrawn though somebody had voted",
        "se retiró la votación {vote} aunque alguien había votado",
    ),
    "casting_vote_missing": (
        "a tie on {matter} and no casting vote",
        "empate en {matter} sin voto de calidad",
    ),
    "choice_unknown": ("{choice} is no choice", "{choice} no es una opción"),
    "item_unknown": ("no item {item} on the agenda", "no hay punto {item} en el orden del día"),
    "minutes_out_of_place": (
        "minutes of an assembly that is not closed, or minuted already",
        "acta de una asamblea sin cerrar o que ya tiene acta",
    ),
    "minutes_unsigned": (
        "{given} who were there signed the minutes; {needed} are needed",
        "firmaron el acta {given} asistentes; se necesitan {needed}",
    ),
    "no_further_call": ("the statute knows no call {call}", "el estatuto no prevé llamado {call}"),
    "no_quorum": (
        "{present} voters present; {needed} are needed",
        "{present} votantes presentes; se necesitan {needed}",
    ),
    "not_entitled": (
        "member {member} was not entitled to vote {vote}",
        "la persona {member} no tenía derecho en la votación {vote}",
    ),
    "not_on_agenda": (
        "proposal {decision} was not on the agenda",
        "la propuesta {decision} no estaba en el orden del día",
    ),
    "not_present": ("member {member} was not there", "la persona {member} no estaba"),
    "notice_too_long": (
        "called {days} days before; the statute allows {most}",
        "convocada con {days} días; el estatuto admite {most}",
    ),
    "notice_too_short": (
        "called {days} days before; the statute asks for {needed}",
        "convocada con {days} días; el estatuto pide {needed}",
    ),
    "opening_not_first": (
        "the agenda does not begin with the opening",
        "el orden del día no empieza con la apertura",
    ),
    "older_checkpoint_read": (
        "the checkpoint read aloud has {size} entries; when the assembly before had closed, the "
        "book had {needed}",
        "el punto de control leído en voz alta tiene {size} entradas; al cerrarse la asamblea "
        "anterior, el libro tenía {needed}",
    ),
    "presence_unconfirmed": (
        "others were entered without the key of somebody there who is not of that office",
        "se anotó a otras personas sin la clave de una persona presente ajena a ese cargo",
    ),
    "present_twice": (
        "entered twice or not at all: {member}",
        "registrada dos veces o ninguna: {member}",
    ),
    "question_altered": (
        "the question put to the vote is not proposal {decision} as it stands",
        "la pregunta sometida a voto no es la propuesta {decision} tal como está",
    ),
    "quorum_was_there": (
        "{present} were there, {needed} were enough",
        "había {present} y bastaban {needed}",
    ),
    "second_call_too_soon": (
        "call {call} less than {hours} hours after the one before",
        "llamado {call} a menos de {hours} horas del anterior",
    ),
    "tally_mismatch": (
        "the result of vote {vote} is not what was counted",
        "el resultado de la votación {vote} no es lo que se contó",
    ),
    "tellers_missing": (
        "{given} tellers signed; {needed} are needed",
        "firmaron {given} personas escrutadoras; se necesitan {needed}",
    ),
    "too_few_callers": (
        "{given} members called it; {needed} are needed",
        "la convocaron {given}; se necesitan {needed}",
    ),
    "twice_on_agenda": ("a proposal stands twice on it", "una propuesta figura dos veces"),
    "vote_closed": ("vote {vote} was not open", "la votación {vote} no estaba abierta"),
    "vote_still_open": ("vote {vote} was still open", "la votación {vote} seguía abierta"),
    "ballot_unreadable": (
        "a ballot is not one that the rule of its count can read",
        "hay una papeleta que la regla del recuento no puede leer",
    ),
    "contest_malformed": (
        "the options do not fit the rule of the count {count}",
        "las opciones no corresponden a la regla de recuento {count}",
    ),
    "count_altered": (
        "the rule of the count named when the vote was opened is not the statute's",
        "la regla de recuento nombrada al abrir la votación no es la del estatuto",
    ),
    "count_impossible": (
        "the ballots cannot be counted by this rule: {detail}",
        "las papeletas no se pueden contar con esta regla: {detail}",
    ),
    "count_unknown": (
        "the statute has no rule of count {count}",
        "el estatuto no tiene la regla de recuento {count}",
    ),
    "dice_unclear": (
        "what is on record as dice is not figures from 1 to 6",
        "lo que consta como dados no son cifras del 1 al 6",
    ),
    "dice_too_few": (
        "a lot was drawn with fewer than five dice: {given}",
        "se sorteó con menos de cinco dados: {given}",
    ),
    "dice_for_nothing": (
        "dice let somebody vote where enough were left without them",
        "unos dados dejaron votar a alguien donde ya quedaban bastantes personas",
    ),
    "too_few_left": (
        "a vote was opened for which fewer were left than the {needed} who have to take part",
        "se abrió una votación para la que quedaban menos de las {needed} personas que deben votar",
    ),
    "lot_missing": (
        "a tie or an office was left to the lot, and no dice are on record",
        "un empate o un cargo quedó al sorteo y no constan los dados",
    ),
    "not_all_heard": (
        "a roll call was closed though not everyone present had been asked",
        "se cerró una votación nominal sin preguntar a todas las personas presentes",
    ),
    "objection_without_reason": (
        "member {member} objected without a reason",
        "la persona {member} objetó sin dar razón",
    ),
    "way_not_allowed": (
        "the statute does not allow voting this way: {way}",
        "el estatuto no admite votar de esta manera: {way}",
    ),
    "vote_unknown": ("no such vote: {vote}", "no existe esa votación: {vote}"),
    "voted_twice": (
        "member {member} voted twice in {vote}",
        "la persona {member} votó dos veces en {vote}",
    ),
    # --- decisions ---
    "body_would_stop": (
        "under the amended statute the body could not go on: {detail}",
        "con el estatuto reformado la organización no podría seguir: {detail}",
    ),
    "amendment_out_of_place": (
        "an amendment of {decision} where none can be",
        "una enmienda de {decision} donde no cabe",
    ),
    "confirmation_stands": (
        "what the assembly confirmed in decision {decision} is not challenged again",
        "lo que la asamblea confirmó en la decisión {decision} no se impugna otra vez",
    ),
    "decided_already": (
        "proposal {decision} was decided or withdrawn already",
        "la propuesta {decision} ya estaba decidida o retirada",
    ),
    "decision_not_adopted": (
        "no adopted decision {decision} that could take effect now: it is {state}",
        "no hay decisión {decision} aprobada que pueda cumplirse ahora: está {state}",
    ),
    "decision_not_in_force": (
        "decision {decision} is not in force",
        "la decisión {decision} no está vigente",
    ),
    "decision_not_suspended": (
        "decision {decision} is not suspended",
        "la decisión {decision} no está suspendida",
    ),
    "decision_not_waiting": (
        "decision {decision} cannot be challenged: it is {state}",
        "la decisión {decision} no se puede impugnar: está {state}",
    ),
    "decision_repealed": (
        "decision {decision} was repealed",
        "la decisión {decision} fue derogada",
    ),
    "effects_on_one_thing": (
        "two effects of one proposal draw on the same thing",
        "dos efectos de una propuesta disponen de lo mismo",
    ),
    "execution_not_reported": ("its execution was not reported", "no se informó su ejecución"),
    "not_decided": ("proposal {decision} was not voted", "la propuesta {decision} no se votó"),
    "not_responsible": (
        "member {member} was not responsible for it",
        "la persona {member} no era responsable",
    ),
    "proposal_of_another": (
        "not the proposal of member {member}",
        "no es propuesta de la persona {member}",
    ),
    "proposal_unknown": ("no proposal {decision}", "no hay propuesta {decision}"),
    # --- money ---
    **SURPLUS_TEXTS,
    "account_malformed": (
        "{account} is no account in its one spelling",
        "{account} no es una cuenta escrita de su única forma",
    ),
    "account_not_empty": ("{account} still holds {left}", "{account} aún tiene {left}"),
    "account_not_listed": (
        "{account} is no place for money that the members listed",
        "{account} no es un lugar de dinero que la asamblea haya aprobado",
    ),
    "account_overdrawn": (
        "{account} would hold {missing} less than nothing",
        "{account} quedaría en {missing} bajo cero",
    ),
    "account_unknown": (
        "{account} is not in the chart, or cannot be used so",
        "{account} no está en el plan de cuentas o no sirve para esto",
    ),
    "accounts_approved_twice": (
        "the accounts of period {period} were approved already",
        "las cuentas del período {period} ya estaban aprobadas",
    ),
    "accounts_not_approved": (
        "the accounts of period {period} were not approved",
        "las cuentas del período {period} no estaban aprobadas",
    ),
    "amount_not_positive": ("{amount} is no amount", "{amount} no es un importe"),
    "amount_out_of_range": (
        "{amount} is more than a book holds",
        "{amount} es más de lo que un libro puede llevar",
    ),
    "announced_twice": (
        "the reversal of movement {movement} was announced before",
        "la anulación del movimiento {movement} ya se había anunciado",
    ),
    "approved_by_requester": (
        "member {member} approved what they asked for",
        "la persona {member} aprobó lo que ella misma pidió",
    ),
    "approved_twice": (
        "member {member} approved it already",
        "la persona {member} ya lo aprobó",
    ),
    "asset_registered_twice": ("{asset} is there already", "{asset} ya está registrado"),
    "asset_without_decision": (
        "no decision in force on {asset}, or it is gone",
        "no hay decisión vigente sobre {asset}, o ya no está",
    ),
    "below_watermark": (
        "dated {date}, in what is sealed to {sealed}",
        "con fecha {date}, dentro de lo sellado hasta {sealed}",
    ),
    "budget_exceeded": (
        "more than the budget has for {line}",
        "más de lo presupuestado para {line}",
    ),
    "complaint_unknown": (
        "no open complaint {complaint}",
        "no hay queja abierta {complaint}",
    ),
    "contribution_unsigned": (
        "a contribution that member {member} did not sign, neither by key nor on the paper",
        "una aportación que la persona n.º {member} no firmó, ni con su clave ni en el papel",
    ),
    "correction_too_late": (
        "mended {days} days after it was recorded, which was too late",
        "corregido {days} días después de registrarse, demasiado tarde",
    ),
    "date_in_the_future": ("dated {date}, after it was recorded", "con fecha {date}, futura"),
    "date_malformed": ("{date} is no date or window", "{date} no es una fecha ni un plazo"),
    "distribution_without_surplus": (
        "{given} shared out of a surplus of {surplus}",
        "se reparten {given} de un excedente de {surplus}",
    ),
    "corrected_in_own_case": (
        "what entry {about} says of member {member} was changed without two apart from them",
        "lo que el acto {about} dice de la persona {member} se cambió sin dos personas ajenas",
    ),
    "corrected_nothing": (
        "entry {about} has nothing to put right before the seal, or no reason is given",
        "en el acto {about} no hay nada que corregir antes del cierre, o falta el motivo",
    ),
    "does_not_balance": ("the lines do not sum to zero", "las líneas no suman cero"),
    "duplicate_invoice": (
        "the paper {sha256} served before",
        "el papel {sha256} ya sirvió antes",
    ),
    "earlier_surplus_waits": (
        "the surplus of period {period} was not shared before",
        "el excedente del período {period} no se había repartido antes",
    ),
    "entry_beyond_two": (
        "more than two people may enter in {month} without a decision",
        "más de lo que dos personas pueden anotar en {month} sin una decisión",
    ),
    "entry_in_own_case": (
        "signed in their own case by {members}",
        "firmado en asunto propio por {members}",
    ),
    "entry_undecided": (
        "no decision in force allows the entry {about}",
        "ninguna decisión vigente permite el asiento {about}",
    ),
    "fund_breached": (
        "{fund} does not hold so much, or not for this",
        "{fund} no tiene tanto, o no es para esto",
    ),
    "grant_accepted_twice": ("{grant} was accepted already", "{grant} ya estaba aceptado"),
    "grant_exceeded": ("more than was granted: {grant}", "más de lo otorgado: {grant}"),
    "grant_out_of_scope": ("outside the time of {grant}", "fuera del plazo de {grant}"),
    "delivery_above_most": (
        "member {member} brought more on {date} than members may of it in a day",
        "la persona {member} trajo el {date} más de lo que se puede traer en un día",
    ),
    "delivery_without_price": (
        "{product}: no price was decided for {date}",
        "{product}: ningún precio decidido para el {date}",
    ),
    "prices_unclear": (
        "a price list without prices, or with one product twice",
        "una lista sin precios, o con un producto dos veces",
    ),
    "hours_impossible": (
        "impossible hours, entered by member {member}",
        "horas imposibles, registradas por la persona {member}",
    ),
    "hours_one_confirmer": (
        "member {member} wrote it alone",
        "la persona {member} lo registró sola",
    ),
    "put_in_late": (
        "of {date}, entered for member {member} after the days of the law",
        "del {date}, registrado para la persona {member} pasados los días de la ley",
    ),
    "put_in_outside_membership": (
        "member {member} did not belong on {date}",
        "la persona {member} no pertenecía el {date}",
    ),
    "received_by_nobody": (
        "not signed by member {member} and somebody in office who is no kin of theirs",
        "no lo firman la persona {member} y alguien con cargo que no sea pariente suyo",
    ),
    "inalienable": ("{asset} can never be given away", "{asset} no se puede enajenar nunca"),
    "indivisible_divided": (
        "{fund} is indivisible and would not stay so",
        "{fund} es irrepartible y dejaría de serlo",
    ),
    "income_beyond_two": (
        "more income than two people may enter in {month}, without oversight or a decision",
        "más ingresos de los que dos pueden anotar en {month}, sin contraloría ni decisión",
    ),
    "lender_missing": (
        "a loan was decided without saying who lends",
        "se decidió un préstamo sin decir quién presta",
    ),
    "mandate_overspent": (
        "{amount} is more than authorisation {authorisation} leaves",
        "{amount} es más de lo que deja la autorización {authorisation}",
    ),
    "measures_differ": (
        "the measures that were signed are not those of the book",
        "las medidas que se firmaron no son las del libro",
    ),
    "more_than_owed": ("more than is owed on {account}", "más de lo que se debe en {account}"),
    "movement_unknown": ("no movement {movement}", "no hay movimiento {movement}"),
    "movement_without_decision": (
        "money would move without a decision in force: {about}",
        "se movería dinero sin una decisión vigente: {about}",
    ),
    "name_malformed": (
        "{said} is no name: one line of at most 200 characters with something to read in it, "
        "or, where accounts are named, small letters, digits and hyphens",
        "{said} no es un nombre: una línea de 200 caracteres como máximo en la que se lea algo "
        "o, donde se nombran cuentas, minúsculas, cifras y guiones",
    ),
    "no_document": ("no receipt", "sin comprobante"),
    "nothing_to_announce": (
        "the reversal of movement {movement} takes no money out, and two may do it",
        "anular el movimiento {movement} no saca dinero, y dos pueden hacerlo",
    ),
    "objection_to_a_decision": (
        "the members decided whom payment {payment} reaches",
        "las personas socias decidieron a quién llega el pago {payment}",
    ),
    "other_entry": (
        "another entry than was decided: {decided}",
        "otro asiento que el decidido: {decided}",
    ),
    "other_payee": (
        "paid to {payee}; decided was {decided}",
        "pagado a {payee}; lo decidido era {decided}",
    ),
    "outside_the_window": (
        "{date} is outside the window of authorisation {authorisation}",
        "{date} está fuera del plazo de la autorización {authorisation}",
    ),
    "payee_malformed": (
        "{payee} looks like the number of a member and is not written as one",
        "{payee} parece el número de una persona y no está escrito así",
    ),
    "paid_before_decided": (
        "paid on {date}, before it was asked for and approved",
        "pagado el {date}, antes de pedirse y aprobarse",
    ),
    "paid_before_objections": (
        "money left before the time to object had passed: {about}",
        "salió dinero antes de pasar el plazo para objetar: {about}",
    ),
    "paid_twice": (
        "nothing of request {payment} is left to pay",
        "de la solicitud {payment} ya no queda nada por pagar",
    ),
    "period_malformed": (
        "{since} to {until} are no whole months that are over",
        "{since} a {until} no son meses enteros y pasados",
    ),
    "period_out_of_order": (
        "the period from {since} is not the next one",
        "el período desde {since} no es el siguiente",
    ),
    "period_unknown": ("no period {period}", "no hay período {period}"),
    "price_came_in": (
        "a part of the price of {asset} had come in before it was decided anew",
        "una parte del precio de {asset} había entrado antes de decidirse otra vez",
    ),
    "price_not_received": (
        "{asset} left before its price had come in",
        "{asset} salió antes de que entrara su precio",
    ),
    "related_party": (
        "a payment to {payee} is member {member}'s own case or their kin's",
        "un pago a {payee} es asunto propio o de parientes de la persona {member}",
    ),
    "reversal_not_announced": (
        "movement {movement} was reversed without an announcement, though money went out or two may"
        " not enter so much",
        "se anuló el movimiento {movement} sin anunciarlo, aunque salió dinero o es más de lo que"
        " dos pueden anotar",
    ),
    "reversed_twice": (
        "movement {movement} was reversed already",
        "el movimiento {movement} ya estaba anulado",
    ),
    "sealed_yet_reversed": (
        "movement {movement} lies in a sealed period",
        "el movimiento {movement} está en un período sellado",
    ),
    "second_signature_missing": (
        "a second signature of one in office is missing",
        "falta la segunda firma de quien tiene cargo",
    ),
    "share_differs": (
        "shares are not those that follow from what each put in: {members}",
        "las partes no son las que corresponden a lo aportado: {members}",
    ),
    "share_unpaid": (
        "the shares of the members do not sum to {shared}",
        "las partes de las personas socias no suman {shared}",
    ),
    "signatures_missing": (
        "{given} approvals by mandates in force; {needed} are needed",
        "{given} aprobaciones con mandato vigente; se necesitan {needed}",
    ),
    "source_not_allowed": (
        "money does not come in from {source}",
        "de {source} no entra dinero",
    ),
    "stopped_yet_paid": (
        "members had stopped it: {about}",
        "las personas socias lo habían detenido: {about}",
    ),
    "surplus_allocated_twice": (
        "the surplus of period {period} was shared out already",
        "el excedente del período {period} ya se repartió",
    ),
    "third_signature_missing": (
        "the signature of one who oversees is missing",
        "falta la firma de quien ejerce la contraloría",
    ),
    "title_not_in_common": (
        "{about} is not in the name of the body",
        "{about} no está a nombre de la organización",
    ),
    "works_ahead_of_certificate": (
        "decision {decision}, which comes first, is not carried out and accepted",
        "la decisión {decision}, que va primero, no está cumplida y aceptada",
    ),
}
