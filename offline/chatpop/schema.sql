-- What the application's migrations leave in the database (docs/app-contract.md, section 8), as far as it matters to
-- indexes: the columns that they name, and every index and constraint. This is revision "Oct".
CREATE TABLE auth_user (id uuid PRIMARY KEY DEFAULT gen_random_uuid());

CREATE TABLE chats_chatroom (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code varchar(8) NOT NULL CONSTRAINT chats_chatroom_code_key UNIQUE,
  host_id uuid NOT NULL REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX chats_chatroom_code_like ON chats_chatroom (code varchar_pattern_ops);
CREATE INDEX chats_chatroom_host_id_idx ON chats_chatroom (host_id);
CREATE INDEX chats_chatr_code_29f23d_idx ON chats_chatroom (code);
CREATE INDEX chats_chatr_created_cdb00e_idx ON chats_chatroom (created_at);

CREATE TABLE chats_message (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- A dropped column shifts the numbers of those after it, as years of migrations do.
  legacy_nickname text,
  chat_room_id uuid NOT NULL REFERENCES chats_chatroom DEFERRABLE INITIALLY DEFERRED,
  user_id uuid REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED,
  reply_to_id uuid REFERENCES chats_message DEFERRABLE INITIALLY DEFERRED,
  content text NOT NULL,
  is_deleted boolean NOT NULL DEFAULT false,
  is_pinned boolean NOT NULL DEFAULT false,
  pinned_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE chats_message DROP COLUMN legacy_nickname;
CREATE INDEX chats_message_chat_room_id_idx ON chats_message (chat_room_id);
CREATE INDEX chats_message_user_id_idx ON chats_message (user_id);
CREATE INDEX chats_message_reply_to_id_idx ON chats_message (reply_to_id);
CREATE INDEX chats_messa_chat_ro_b19084_idx ON chats_message (chat_room_id, created_at DESC);
CREATE INDEX chats_messa_chat_ro_b81b02_idx ON chats_message (chat_room_id, is_pinned, pinned_at DESC);

CREATE TABLE chats_chatparticipation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  chat_room_id uuid NOT NULL REFERENCES chats_chatroom DEFERRABLE INITIALLY DEFERRED,
  user_id uuid REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED,
  fingerprint varchar(255),
  username varchar(15) NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  last_seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX chats_chatparticipation_chat_room_id_idx ON chats_chatparticipation (chat_room_id);
CREATE INDEX chats_chatparticipation_user_id_idx ON chats_chatparticipation (user_id);
CREATE INDEX chats_chatparticipation_fingerprint_idx ON chats_chatparticipation (fingerprint);
CREATE INDEX chats_chatparticipation_fingerprint_like ON chats_chatparticipation (fingerprint varchar_pattern_ops);
CREATE INDEX chats_chatp_chat_ro_8590c6_idx ON chats_chatparticipation (chat_room_id, user_id);
CREATE INDEX chats_chatp_chat_ro_5be7be_idx ON chats_chatparticipation (chat_room_id, fingerprint);
CREATE INDEX chats_chatp_chat_ro_58abc2_idx ON chats_chatparticipation (chat_room_id, username);
CREATE INDEX chats_chatp_last_se_8198f3_idx ON chats_chatparticipation (last_seen_at DESC);
CREATE UNIQUE INDEX unique_chat_user ON chats_chatparticipation (chat_room_id, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX unique_chat_fingerprint ON chats_chatparticipation (chat_room_id, fingerprint)
  WHERE user_id IS NULL;
