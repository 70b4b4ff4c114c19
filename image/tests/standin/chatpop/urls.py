"""The stand-in's pages."""

from django.contrib import admin
from django.urls import path

from chats.views import MessageListView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/chats/<str:code>/messages/", MessageListView.as_view()),
]
