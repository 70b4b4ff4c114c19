-- What revision "Apr" of the application changes in what offline/chatpop/schema.sql makes.
ALTER TABLE chats_chatroom DROP CONSTRAINT chats_chatroom_code_key;
ALTER TABLE chats_chatroom ALTER COLUMN code TYPE varchar(100), ADD COLUMN source varchar(10) NOT NULL DEFAULT 'manual';
DROP INDEX chats_chatr_code_29f23d_idx;
CREATE INDEX chats_chatroom_code_idx ON chats_chatroom (code);
CREATE INDEX chats_chatr_code_7ce957_idx ON chats_chatroom (code, source);
CREATE INDEX chats_chatr_host_id_270e28_idx ON chats_chatroom (host_id, code);
CREATE UNIQUE INDEX unique_manual_room_per_user ON chats_chatroom (host_id, code) WHERE source = 'manual';
CREATE UNIQUE INDEX unique_ai_room_global ON chats_chatroom (code) WHERE source = 'ai';

ALTER TABLE chats_chatparticipation
  ADD COLUMN session_key varchar(40), ADD COLUMN is_anonymous_identity boolean NOT NULL DEFAULT false;
DROP INDEX unique_chat_user, unique_chat_fingerprint;
CREATE INDEX chats_chatp_chat_ro_b7d276_idx ON chats_chatparticipation (chat_room_id, session_key);
CREATE UNIQUE INDEX unique_chat_user_registered ON chats_chatparticipation (chat_room_id, user_id)
  WHERE user_id IS NOT NULL AND NOT is_anonymous_identity;
CREATE UNIQUE INDEX unique_chat_user_username ON chats_chatparticipation (chat_room_id, user_id, username)
  WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX unique_chat_session_key ON chats_chatparticipation (chat_room_id, session_key)
  WHERE session_key IS NOT NULL AND user_id IS NULL;
