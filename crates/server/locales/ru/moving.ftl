# Перевод людей в действующую версию сценария.

moving-link = Перевести людей в действующую версию
moving-title = Перевод людей
moving-who = В прежних версиях
moving-nobody = В прежних версиях никого нет.
moving-gone = Люди, чьего шага больше нет:
moving-stay = остаются в своей версии
moving-leave = выходят из сценария
moving-to-step = переходят к шагу { $step }
moving-show = Показать
moving-from = Шаг
moving-people = Люди
moving-to = Переходит к
moving-do = { $count ->
    [one] Перевести { $count } человека
    [few] Перевести { $count } человек
    [many] Перевести { $count } человек
   *[other] Перевести { $count } человека
}
moving-line = Ожидания считаются с их начала. Сообщение в пути остаётся со своим шагом. Отменить перевод нельзя.
notice-people-moved = Люди переводятся; числа ниже меняются.
