# Вход, первый пользователь и страницы о том, что пошло не так.

sign-in-title = Вход
sign-in-line = { $shop }
sign-in = Войти
field-user = Имя
field-password = Пароль
field-shop = Название магазина
field-new-password = Пароль
field-password-again = Пароль ещё раз
password-hint = { $count ->
    [one] Не меньше { $count } знака. Фразу легко запомнить.
    [few] Не меньше { $count } знаков. Фразу легко запомнить.
    [many] Не меньше { $count } знаков. Фразу легко запомнить.
   *[other] Не меньше { $count } знака. Фразу легко запомнить.
}
first-run-title = Добро пожаловать в Regulars
first-run-line = Пока никто не может войти. Создайте первого пользователя.
first-run = Создать и войти

access-problem-wrong-pair = Имя и пароль не подходят друг к другу. Проверьте их и попробуйте ещё раз.
access-problem-too-many = Слишком много попыток. Подождите минуту и попробуйте ещё раз.
access-problem-session-ended = Сеанс окончен. Войдите, чтобы продолжить.
access-problem-password-too-short = Пароль слишком короткий.
access-problem-passwords-differ = Пароли различаются. Введите их ещё раз.
access-problem-name-missing = Укажите имя.
access-problem-form-expired = Форма устарела. Попробуйте ещё раз.

error-bad-request = Мы не поняли этот запрос
error-forbidden = Сюда у вас нет доступа
error-not-found = Здесь ничего нет
error-conflict = Кто-то успел раньше
error-internal = У нас что-то сломалось
error-unavailable = Сейчас много работы
cure-bad-request = Вернитесь и попробуйте ещё раз. Если адрес набран вручную, проверьте его.
cure-forbidden = Попросите доступ у коллеги с нужной ролью.
cure-not-found = Возможно, в адресе опечатка или то, что здесь было, стёрто или объединено. Найдите человека поиском.
cure-conflict = Откройте страницу заново, посмотрите изменение и решите.
cure-internal = Ничего не потеряно. Попробуйте ещё раз; если не поможет, передайте номер ниже тому, кто ведёт сервер.
cure-unavailable = Сервер запускается или останавливается. Попробуйте через несколько секунд.
error-reference = Номер: { $reference }
error-home = На страницу «Сегодня»
