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

who-one = Son una sola persona: { $one }.
who-two = Son dos personas: { $one } y { $other }.
who-possibly = Puede que sean la misma: { $because }.
who-records = Lo que dicen sus datos, en bits:
who-joined = Lo que une, primero lo más fuerte
who-alone = un solo identificador
tied-seen = Se vieron juntos: { $one } y { $other }.
tied-alike = Se parecen en { $points }: { $one } y { $other }. Con un { $percent } % son de una sola persona.
tied-same = El personal dice que son de una sola persona: { $one } y { $other }.
tied-taken-back = El personal retiró lo que había dicho de { $one } y { $other }.
tied-unsure = El personal no supo decir si son de una sola persona: { $one } y { $other }.
tied-home-same = El personal dice que viven juntos quienes tienen { $one } y { $other }.
tied-home-apart = El personal dice que no viven juntos quienes tienen { $one } y { $other }.
tied-home-taken-back = El personal retiró lo que había dicho de dónde viven quienes tienen { $one } y { $other }.
