# Entrada, primera persona usuaria y páginas que dicen qué ha fallado.

sign-in-title = Entrar
sign-in-line = en { $shop }
sign-in = Entrar
field-user = Nombre
field-password = Contraseña
field-shop = Nombre de la tienda
field-new-password = Contraseña
field-password-again = Contraseña otra vez
password-hint = { $count ->
    [one] Al menos { $count } carácter. Una frase se recuerda bien.
   *[other] Al menos { $count } caracteres. Una frase se recuerda bien.
}
first-run-title = Te damos la bienvenida a Regulars
first-run-line = Todavía nadie puede entrar. Eres la primera persona: crea tu usuario.
first-run = Crear y entrar

access-problem-wrong-pair = El nombre y la contraseña no casan. Revísalos e inténtalo otra vez.
access-problem-too-many = Demasiados intentos. Espera un minuto e inténtalo otra vez.
access-problem-session-ended = Tu sesión terminó. Entra para seguir.
access-problem-password-too-short = La contraseña es demasiado corta.
access-problem-passwords-differ = Las dos contraseñas no coinciden. Escríbelas otra vez.
access-problem-name-missing = Pon un nombre.
access-problem-form-expired = El formulario era demasiado viejo. Inténtalo otra vez.

error-bad-request = No entendemos esta petición
error-forbidden = Esto no lo puedes ver
error-not-found = Aquí no hay nada
error-conflict = Alguien se adelantó
error-internal = Algo se nos ha roto
error-unavailable = Con mucho trabajo en este momento
cure-bad-request = Vuelve atrás e inténtalo otra vez. Si escribiste la dirección a mano, revísala.
cure-forbidden = Pide acceso a alguien del equipo con el rol adecuado.
cure-not-found = Puede que la dirección esté mal escrita, o que lo que había se borrara o se uniera. Busca a la persona.
cure-conflict = Abre la página de nuevo para ver el cambio y decide después.
cure-internal = No se ha perdido nada. Inténtalo otra vez; si sigue, da la referencia de abajo a quien lleva el servidor.
cure-unavailable = El servidor está arrancando o parando. Inténtalo en unos segundos.
error-reference = Referencia: { $reference }
error-home = Ir a Hoy
