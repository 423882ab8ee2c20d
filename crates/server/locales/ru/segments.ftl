# Сегменты.

segments-line = Кто в какой группе людей: точно в любой момент.
segments-empty = Сегментов ещё нет. Напишите условие, сразу увидьте, кого оно охватывает, и дайте ему имя.
segment-new = Новый сегмент
segment = Сегмент
segment-condition = Условие
segment-members = Участники
segment-sizes = Размер во времени
segment-sizes-of = Размер сегмента { $segment } во времени
segment-hour = Час
segment-computing = вычисляется
segment-who = Кто в нём
segment-name = Имя
segment-help = Одно предложение: заказы, покупки, корзины, свойства, согласия, сегменты, с «and», «or», «not». Всё перечислено в руководстве.
segment-suggestions = Подсказки
segment-by-files = управляется файлами
segment-patch = Правка для файлов
segment-patch-line = Этот сегмент управляется файлами. Замените в них определение на это и опубликуйте командой «regulars apply».
segment-save = Сохранить и вычислить
segment-stale = Тем временем его изменил кто-то другой: посмотрите ещё раз, прежде чем сохранять.
segment-remove = Удалить этот сегмент
segment-between = от { $low } до { $high }
segment-reachable = достижимы
segment-promotable = с согласием на рекламу
segment-counting = считаем всех
segment-cure = Как исправить:
segment-nobody = Пока никого.
segment-some = Некоторые из них
segment-why = Почему кто-то в нём или нет?
segment-in = в сегменте
segment-out = не в сегменте
segment-since = с
segment-uncertain = Это ещё не точно, потому что:
segment-turns = Одно лишь время может это изменить:
segment-told-in = { $name } в сегменте «{ $segment }», потому что:
segment-told-since = { $name } в сегменте «{ $segment }» с { $since }, потому что:
segment-told-out = { $name } не в сегменте «{ $segment }», потому что:
segment-told-so = Для { $name } это так, потому что:
segment-told-not-so = Для { $name } это не так, потому что:
segment-told-computing = Сегмент ещё пересчитывается для всех.
segment-turn-entered = вход
segment-turn-left = выход
segment-turn-event = из-за события
segment-turn-time = со временем
segment-turn-found = найдено при расчёте
segment-reach = До кого доходят сообщения
segment-reach-computing = Это ещё вычисляется для всех людей.
segment-overlaps = Общее с другими сегментами
segment-both = В обоих
segment-share = Доля этого сегмента
segment-count = { $count ->
    [one] { $count } участник
    [few] { $count } участника
    [many] { $count } участников
   *[other] { $count } участника
}
segment-of-people = { $count ->
    [one] из { $count } человека
    [few] из { $count } человек
    [many] из { $count } человек
   *[other] из { $count } человек
}
segment-exactly = { $count ->
    [one] ровно { $count } человек
    [few] ровно { $count } человека
    [many] ровно { $count } человек
   *[other] ровно { $count } человека
}

list-title = Постоянные списки
list-name = Имя списка
list-rows = Идентификаторы, по одному в строке, или таблица, где они в первом столбце
list-try = Только посмотреть, что получится
list-add = Внести в список
list-remove = Убрать из списка
list-tried = (ничего не изменено)
list-matched = Известны:
list-unchanged = из них без изменений:
list-new = Новые люди:
list-unmatched = Никто не известен, пропущены:
list-erased = Стёрты, пропущены:
list-repeated = Повторные строки:
list-unreadable = Непонятные строки:
