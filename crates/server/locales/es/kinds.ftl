# Tipos de identificadores y sus límites.

kinds-title = Tipos de identificadores
kinds-table = Tipos y sus límites
kinds-line = En el orden en que cuentan. Cuando no todo lo visto puede ser de una sola persona, cede lo que está más abajo.
kinds-kind = Tipo
kinds-per-person = Máximo por persona
kinds-logins = Máximo de cuentas con un mismo valor
kinds-idle = Pasa a otra persona tras
kinds-never = nunca
kinds-at-once = enseguida
