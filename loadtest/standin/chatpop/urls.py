"""The stand-in's pages, at ChatPop's addresses."""

from django.contrib import admin
from django.urls import path

from chats.views import MessageListView, create, join, register

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/auth/register/", register),
    path("api/chats/create/", create),
    path("api/chats/<str:code>/join/", join),
    path("api/chats/<str:code>/messages/", MessageListView.as_view()),
]
