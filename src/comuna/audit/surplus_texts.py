"""The words of findings on how a surplus was shared, English and Spanish."""

SURPLUS_TEXTS: dict[str, tuple[str, str]] = {
    "base_not_in_the_book": (
        "{step} must get a share of something that the book does not hold (art. {article})",
        "a {step} le toca una parte de algo que no está en el libro (art. {article})",
    ),
    "condition_not_met": (
        "{given} went to {fund}, though {condition} does not hold (art. {article})",
        "{given} fueron a {fund} aunque no se cumple {condition} (art. {article})",
    ),
    "exact_share_differs": (
        "{fund} got {given}; its exact share is {due} (art. {article})",
        "{fund} recibió {given}; su parte exacta es {due} (art. {article})",
    ),
    "fund_above_its_ceiling": (
        "{fund} got {given}; {due} at most are allowed (art. {article})",
        "{fund} recibió {given}; se permiten {due} como máximo (art. {article})",
    ),
    "fund_below_its_floor": (
        "{fund} got {given}; at least {due} are due to it (art. {article})",
        "{fund} recibió {given}; le corresponden al menos {due} (art. {article})",
    ),
    "kept_apart_mixed": (
        "{over} went from a result kept apart to another, or the reverse (art. {article})",
        "{over} pasaron de un resultado que va aparte a otro, o al revés (art. {article})",
    ),
    "loss_not_borne": (
        "{left} of the loss is borne by nobody (art. {article})",
        "{left} de la pérdida no la asume nadie (art. {article})",
    ),
    "loss_not_borne_in_order": (
        "{source} bears {given} of the loss where {due} can be charged to it (art. {article})",
        "{source} asume {given} de la pérdida donde caben {due} (art. {article})",
    ),
    "members_got_what_is_kept_apart": (
        "{over} too much were shared with the members: that result is kept apart (art. {article})",
        "{over} de más fueron a las personas socias: ese resultado va aparte (art. {article})",
    ),
    "more_shared_than_there_is": (
        "{over} more were shared out than there is (art. {article})",
        "se repartieron {over} más de lo que hay (art. {article})",
    ),
    "prior_losses_not_made_good": (
        "{given} make good prior losses of {losses}; the statute asks for {due} (art. {article})",
        "{given} compensan pérdidas anteriores de {losses}; el estatuto pide {due} "
        "(art. {article})",
    ),
    "row_without_rule": (
        "{amount} to {fund}, for which no rule of the statute is left (art. {article})",
        "{amount} a {fund}, para lo que ya no hay regla del estatuto (art. {article})",
    ),
    "share_below_nothing": (
        "a step gave {amount} to {fund}: a step takes nothing back (art. {article})",
        "un paso dio {amount} a {fund}: un paso no quita nada (art. {article})",
    ),
    "shared_before_losses_made_good": (
        "{given} went to {fund} while prior losses of {losses} are not made good (art. {article})",
        "{given} fueron a {fund} con pérdidas anteriores de {losses} sin compensar "
        "(art. {article})",
    ),
    "surplus_left_unshared": (
        "{left} of a result were left unshared (art. {article})",
        "{left} de un resultado quedaron sin repartir (art. {article})",
    ),
    "table_out_of_order": (
        "the table has no row to {due} where the statute has its step {step}",
        "el cuadro no tiene fila a {due} donde el estatuto tiene su paso {step}",
    ),
}
