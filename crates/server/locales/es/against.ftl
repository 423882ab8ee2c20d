# Por qué dos son una persona, o no lo son.

identity-alike = Parecidos en lo que consta
against-title = Lo que los mantiene aparte
against-kept-apart = El personal dice que son de dos personas: { $one } y { $other }.
against-too-many = Se vieron juntos { $one } y { $other }, pero entonces una sola persona tendría { $values }.
against-shared = Los dos se vieron con { $value }, que { $people ->
    [one] usa { $people } persona
   *[other] usan { $people } personas
}: no une a nadie.
against-its-own = { $people ->
    [one] { $people } persona usa
   *[other] { $people } personas usan
} { $value }: no une a nadie.
against-given = Los dos se vieron con { $value }, que { $people ->
    [one] usa { $people } persona
   *[other] usan { $people } personas
}: el personal dice de quién es, y no une a nadie más.
against-turns = Los dos se vieron con { $value }, uno después del otro.
against-its-own-turns = Varias personas se vieron con { $value }, una después de otra.
against-nothing = Nada de lo visto los relaciona.
