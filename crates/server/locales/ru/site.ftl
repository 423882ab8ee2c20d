# Сообщения на сайте магазина.
step-show = Показать на сайте
edit-slot = Место на странице
edit-for = Как долго
decision-shown = Показано на сайте
decision-clicked = Переход на сайте
decision-dismissed = Закрыто на сайте
event-site-shown = Увидено сообщение на сайте
event-site-clicked = Переход по сообщению на сайте
event-site-dismissed = Сообщение на сайте закрыто
site-now = На сайте в эту минуту
site-now-until = место «{ $slot }», до { $until }
site-now-proof = Сайт показывает это тому, кто вошёл; узнанный браузер без входа ничего из этого не получает.
