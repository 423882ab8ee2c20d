# Предложения.

offers-line = Что выдано и использовано, что осталось и сколько это стоит.
offers-empty = Предложений пока нет. Запишите одно в файл, опубликуйте командой «regulars apply», и пусть его даёт сообщение сценария:
offer = Предложение
offer-given = Выдано
offer-open = Ещё можно использовать
offer-used = Использовано
offer-expired = Срок истёк
offer-taken-back = Отозвано
offer-free = Осталось в запасе
offer-cost = Стоило до сих пор
offer-liability = Ещё может стоить
offer-unlimited = без предела
offer-unpriced = Использовано без суммы
offer-gone = больше не определено
offer-low = запас кончается
offer-spent = бюджет исчерпан
offer-stand = Как обстоят дела
offer-pool = Запас кодов
offer-codes = По одному коду в строке, от 8 до 40 букв и цифр
offer-add = Добавить в запас
offer-pooled = Добавлено: { $added }. Уже были: { $repeated }. Не коды: { $unreadable }.
offer-days = Использовано по дням
offer-day = День
offer-no-days = Пока никто не использовал код.
offer-rules = Его правила
offers-guesses = Неверные коды за последние 30 дней
offers-no-guesses = Никто не пробовал несуществующий код.
offers-wrong = { $count ->
    [one] Испробован { $count } несуществующий код.
    [few] Испробовано { $count } несуществующих кода.
    [many] Испробовано { $count } несуществующих кодов.
   *[other] Испробовано { $count } несуществующего кода.
}
offers-unheard = { $count ->
    [one] { $count } запрос отклонён: слишком много неверных кодов.
    [few] { $count } запроса отклонено: слишком много неверных кодов.
    [many] { $count } запросов отклонено: слишком много неверных кодов.
   *[other] { $count } запроса отклонено: слишком много неверных кодов.
}
