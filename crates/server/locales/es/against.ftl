# Por qué dos son una persona, o no lo son.

identity-alike = Parecidos en lo que consta
against-title = Lo que los mantiene aparte
against-kept-apart = El personal dice que son de dos personas: { $one } y { $other }.
against-too-many = Se vieron juntos: { $one } y { $other }. Pero entonces una sola persona tendría { $values }.
against-shared = A los dos se los vio con el mismo dato: { $value }. { $people ->
    [one] Lo usa { $people } persona
   *[other] Lo usan { $people } personas
}, así que no une a nadie.
against-its-own = { $people ->
    [one] { $people } persona usa
   *[other] { $people } personas usan
} este dato: { $value }. Por eso no une a nadie.
against-given = A los dos se los vio con el mismo dato: { $value }. { $people ->
    [one] Lo usa { $people } persona
   *[other] Lo usan { $people } personas
}; el personal dice de quién es, y no une a nadie más.
against-turns = A los dos se los vio con el mismo dato, a uno después del otro: { $value }.
against-its-own-turns = Varias personas usaron este dato, una después de otra: { $value }.
against-nothing = Nada de lo visto los relaciona.
