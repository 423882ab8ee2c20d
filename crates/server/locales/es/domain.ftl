# Lo que dice el DNS del dominio del remitente.

domain-title = El dominio del remitente
domain-of = El dominio { $domain }
domain-line = Los receptores consultan quién puede enviar por un dominio y quién firma por él antes de aceptar su correo.
domain-check = Consultarlo ahora
domain-again = Consultarlo de nuevo
domain-found = Encontrado
domain-good = bien
domain-weak = podría ser mejor
domain-bad = el correo sufre
domain-unknown = sin respuesta

found-mail_found = Las respuestas y los mensajes devueltos encuentran el camino.
found-mail_by_address = No se nombra ningún servidor de correo, solo un host con ese nombre: nombre uno, para que no se pierda lo que vuelve.
found-mail_missing = No se nombra ningún servidor de correo: nadie puede responder, y los receptores rechazan a remitentes así.
found-mail_refused = El dominio dice que no acepta correo: nadie puede responder, y los receptores rechazan a remitentes así.
found-spf_found = Dice quién puede enviar en nombre del dominio.
found-spf_missing = Nada dice quién puede enviar en nombre del dominio: publique un registro que nombre lo que envía por usted.
found-spf_twice = Hay varios registros, y entonces los receptores no creen ninguno: júntelos en uno.
found-spf_open = Deja que cualquiera envíe en nombre del dominio: termínelo con ~all o -all.
found-spf_endless = No dice qué vale para todos los demás: termínelo con ~all o -all.
found-spf_too_long = Lleva a más de diez consultas, y ahí los receptores paran: nombre direcciones en lugar de algunos include.
found-spf_broken = Incluye el registro de un nombre que no tiene ninguno, y ahí los receptores paran: corrija ese nombre.
found-dkim_found = La clave está, y es la nuestra.
found-dkim_missing = La clave no está: publique el registro, o nadie podrá comprobar las firmas.
found-dkim_differs = Hay otra clave: publique la nuestra, o las firmas parecerán falsas.
found-dkim_none = Ninguna clave firma por el dominio: cree una.
found-dkim_by_provider = El proveedor firma con sus propias claves: mire en su configuración qué quiere que se publique.
found-dmarc_enforced = El correo que solo dice ser del dominio se aparta o se rechaza.
found-dmarc_watching = El correo que solo dice ser del dominio solo se notifica: ponga p=quarantine cuando los informes estén bien.
found-dmarc_missing = Nada dice qué hacer con el correo que solo dice ser del dominio, y los grandes proveedores de buzones lo piden.
found-dmarc_twice = Hay varios registros, y entonces los receptores no creen ninguno: deje uno.
found-dmarc_broken = El registro no nombra ninguna política: necesita p=none, p=quarantine o p=reject.
found-no_answer = Ningún servidor de nombres respondió: mire de nuevo más tarde.
