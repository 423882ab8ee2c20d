# Identidad: quién puede ser la misma persona, cómo está la identidad, qué cambió y qué dijo el personal.

nav-identity = Identidad
identity-line = Quién es una sola persona, quién podría serlo y con qué seguridad.
identity-tabs = Partes de esta página
identity-tab-review = Revisión
identity-tab-health = Salud
identity-tab-changes = Cambios
identity-tab-said = Dicho por el personal
identity-looking = Revisando a todos: { $done } de { $of }
undo = Deshacer
because = ¿Por qué? Se guarda con la respuesta; puede quedar vacío.
open-person = Abrir la persona

review-total = { $count ->
    [one] { $count } pareja puede ser una sola persona.
   *[other] { $count } parejas pueden ser una sola persona.
}
review-order = Primero la respuesta que más vale: su probabilidad por el dinero retenido o perdido hasta que alguien lo sepa.
review-keys = Teclas:
review-alone = Solo esta pareja
review-more = Las parejas siguientes aparecen al responder estas.
review-none = Nadie puede ser otra persona. No hay nada que responder.
review-pair = ¿Son una sola persona?
review-worth = Vale { $amount }
review-held = Carritos por { $amount } esperan esta respuesta.
review-wasted = Ambos están en el mismo recorrido: se escribiría dos veces sobre carritos por { $amount }.
review-unsure-since = nadie pudo decidirlo,
answer-same = La misma persona
answer-not-the-same = No es la misma
answer-unsure = No se sabe
answer-taken-back = Retirado
answered-same = Desde ahora son una sola persona.
answered-not-the-same = Desde ahora se mantienen aparte.
answered-unsure = Nadie puede decidirlo: la pareja pasa al final.

compared = Comparado
compared-name = Nombre
compared-birth-date = Fecha de nacimiento
compared-address = Dirección
compared-orders = Pedidos conservados
compared-seen = Visto
likeness-same = igual
likeness-different = distinto
likeness-missing = falta

weights-title = Qué dicen los registros
weights-sum = { $bits } bits en total: { $percent } probable que sea una sola persona
weights-line = Lo que dicen por sí solos nombres, fechas, lugares y contactos. El control usa el porcentaje de arriba.

health-persons = personas
health-identifiers = identificadores
health-pairs = parejas por revisar
health-shared = valores que no unen a nadie
health-contradictions = contradicciones evitadas
health-at = A fecha de
health-days = Unidos y separados por día
health-days-label = En 30 días { $joined } cambios unieron personas y { $parted } las separaron.
health-sizes = Identificadores por persona
health-size-more = { $from } o más
health-largest = Personas con más identificadores
health-largest-none = Nadie tiene más de un identificador.
health-has = { $count ->
    [one] { $count } identificador
   *[other] { $count } identificadores
}
health-observed = { $count ->
    [one] { $count } observación
   *[other] { $count } observaciones
}
health-shared-title = Valores que no unen a nadie
health-shared-none = Ningún valor lo usan más personas de las que su tipo permite.
health-shared-line = Los usan tantas personas que no prueban nada. Lo que habían unido se separó de nuevo.
health-people = { $count ->
    [one] { $count } persona
   *[other] { $count } personas
}
health-changes-hands = una tras otra
health-block = Bloquearlo para siempre
health-block-line = Un valor que no es de nadie conviene excluirlo desde el principio. Publique esto con sus definiciones:
health-contradictions-title = Contradicciones evitadas
health-contradictions-none = Ninguna observación contradice a otra.
health-contradictions-line = Vistos juntos, pero una persona no tiene tantos de ese tipo: quedan aparte hasta que alguien diga otra cosa.
health-blocked = Valores que no son de nadie
health-blocked-line = Se excluyen vengan de donde vengan.

changes-none = Todavía no se unió ni se separó a nadie.
changes-before = { $count ->
    [one] antes { $count } persona
   *[other] antes { $count } personas
}
change-joined = Unidos
change-parted = Separados
change-moved = Movido
change-erased = Borrado
said-none = Nadie ha dicho todavía nada de personas.
said-by = dicho por { $name }

identity-history = Cómo se formó
history-named = visto por primera vez:
history-joined = se unieron:
history-parted = se separaron:
history-stated = el personal dijo algo de:
