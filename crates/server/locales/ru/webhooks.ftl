# Кому сценарии могут сообщать и что из этого вышло.

webhooks = Вебхуки
webhooks-line = Кому сценарии могут сообщать и что стало с сообщённым.
webhooks-destinations = Получатели
webhooks-calls = Вызовы
webhooks-none = Пока ни один сценарий не может сообщать другой программе. Укажите, где она слушает, и впишите её имя в шаг «webhook».
webhooks-no-calls = Здесь пока ничего не сообщалось. Первый вызов сделает шаг «webhook» сценария.
webhooks-told = получает вызовы
webhooks-paused = на паузе
webhooks-gone = больше не принимает вызовы
webhooks-gone-since = «{ $name }» больше не принимает вызовы с
webhooks-set-by = задал(а) { $name },
webhooks-both-until = два секрета подписывают до
webhooks-paused-since = ничего не сообщается с
webhooks-waiting = Ждут
webhooks-delivered = Доставлены
webhooks-gave-up = Не приняты
webhooks-withdrawn = Отозваны
webhooks-test = Отправить проверку
webhooks-test-taken = Проверка принята
webhooks-test-not-taken = Проверка не принята
webhooks-answer = { $answer } ({ $ms } мс)
webhooks-pause = Приостановить
webhooks-resume = Возобновить
webhooks-rotate = Новый секрет
webhooks-remove = Удалить
webhooks-again = Доставить ещё раз
webhooks-again-all = Доставить ещё раз непринятое
webhooks-name = Имя
webhooks-url = Адрес (URL), который принимает вызовы
webhooks-form-line = Новое имя получает секрет, который показывается один раз. Имя, которое здесь уже есть, переходит на новый адрес и сохраняет свой секрет.
webhooks-set = Задать
webhooks-secret = Секрет «{ $name }» показывается только сейчас. Впишите его в программу, которая принимает вызовы:
webhooks-unknown = Шаг «{ $step }» сценария «{ $journey }» сообщает «{ $name }», но такого получателя пока нет.
webhooks-next = следующая попытка
webhooks-of-all = Все получатели и шаги
webhooks-of-step = Что стало с этими вызовами
webhooks-wrong-name = Имя состоит из 1–64 букв, цифр, пробелов, -, _ и . и не начинается с точки.
webhooks-wrong-url = Этот адрес нельзя вызвать: { $about }.
webhooks-taken = Получатель «{ $about }» уже есть.
webhooks-not-there = Получателя «{ $about }» больше нет.
webhooks-used = Ему сообщает сценарий «{ $about }». Сначала уберите этот шаг.
webhooks-too-many = Получателей столько, сколько может быть. Удалите те, которыми никто не пользуется.
disclosure-told-to-others = Что сообщалось другим программам
edit-webhook = Кому сообщает (получатель)
edit-webhook-with = Признаки и идентификаторы, которые сообщаются (по одному в строке)
decision-webhook = Сообщает другой программе
reason-webhook_asked = Сценарий сообщает другой программе
fact-webhook = Кому сообщено
told-told_to = сообщается получателю { $destination }
webhooks-wait-for-it = { $count ->
    [0] То, что он сообщит, будет ждать его.
    [one] Его ждёт { $count } вызов.
    [few] Его ждут { $count } вызова.
    [many] Его ждут { $count } вызовов.
   *[other] Его ждут { $count } вызова.
}
webhooks-being-made = { $count ->
    [0] Повторять нечего.
    [one] { $count } вызов делается снова, с тем же id.
    [few] { $count } вызова делаются снова, с теми же id.
    [many] { $count } вызовов делаются снова, с теми же id.
   *[other] { $count } вызова делаются снова, с теми же id.
}
webhooks-attempts = { $count ->
    [one] { $count } попытка
    [few] { $count } попытки
    [many] { $count } попыток
   *[other] { $count } попытки
}
