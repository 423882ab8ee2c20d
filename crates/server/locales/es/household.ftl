# Hogares: quién vive con quién.

household = Hogar
household-none = No se sabe de nadie que viva con esta persona.
household-line = Viven juntas y siguen siendo personas distintas.
household-through = con { $name }
household-said = El personal dice que viven juntas.
household-home = Indican la misma dirección y comparten un apellido.
household-shared = { $people ->
    [one] Lo usa { $people } persona:
   *[other] Lo usan { $people } personas:
}
household-apart = No viven juntas
household-together = Viven juntas
edge-said-together = El personal dice: viven juntas
edge-said-not-together = El personal dice: no viven juntas
answer-live-together = Viven juntas
answer-live-apart = No viven juntas
answer-household-taken-back = Hogar retirado
event-household = Dicho sobre dónde viven
notice-household-said = Anotado. Se retira en «Por qué estos registros son una persona».
