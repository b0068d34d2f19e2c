"""Every number the fake holds the bot to, each with the section of the Slack notes it is from.

Sections are those of the project's Slack reference: 1 limits, 2 rate limits, 7 posting once.
Where two sources disagree the strict one stands (section 8).
"""

# 1.1 Time limits, seconds.
ACK_SECONDS = 3.0
TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60.0

# 1.2 Message level.
MESSAGE_BLOCKS = 50
POST_TEXT_TRUNCATED = 40_000  # longer text is cut silently, with a warning
UPDATE_TEXT = 4_000  # chat.update refuses more: msg_too_long
MARKDOWN_TEXT = 12_000  # summed over all markdown blocks (1.4); markdown_text alike
MESSAGE_CONTENT = 13_200  # sum of block content, observed: msg_blocks_too_long
METADATA_BYTES = 16_000  # often quoted 16 KB, unconfirmed: the strict reading of it
ATTACHMENTS = 100
ALT_TEXT_FILE = 1_000
UPLOAD_CHANNELS = 100
OPEN_USERS = 8  # conversations.open, 2.2

# 1.3 Views.
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
EXTERNAL_ID = 255
VIEW_TITLE = 24
VIEW_STACK = 3

# 1.4 Composition objects.
TEXT_OBJECT = 3_000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
OPTION_URL = 3_000
OPTION_GROUP_LABEL = 75
OPTIONS = 100
OPTION_GROUPS = 100
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

# 1.4 Elements.
ACTION_ID = 255
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BUTTON_URL = 3_000
BUTTON_LABEL = 75
PLACEHOLDER = 150
OVERFLOW_OPTIONS = 5
CHOICE_OPTIONS = 10  # radio_buttons, checkboxes
INPUT_LENGTH = 3_000
RICH_TEXT_LINES = 100
INPUT_FILES = 10
IMAGE_URL = 3_000
IMAGE_ALT = 2_000
IMAGE_TITLE = 2_000
FEEDBACK_TEXT = 75
FEEDBACK_VALUE = 2_000

# 1.4 Blocks.
BLOCK_ID = 255
SECTION_FIELDS = 10
SECTION_FIELD = 2_000
HEADER_TEXT = 150
ACTIONS_ELEMENTS = 25
CONTEXT_ELEMENTS = 10
CONTEXT_ACTIONS = 5
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
TABLE_ROWS = 100
TABLE_CELLS = 20
ALERT_TEXT = 200
VIDEO_ALT = 200
VIDEO_TITLE = 199
VIDEO_AUTHOR = 49

# 2.1 Calls per minute by tier. Slack promises "at least"; the strict reading is "at most".
TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 300  # 2.2 "hundreds/min"
# 2.2 chat.postMessage: about 1/s per channel with bursts tolerated (size unpublished).
CHANNEL_PER_SECOND = 1.0
CHANNEL_BURST = 3
WORKSPACE_POSTS_PER_MINUTE = 300  # 2.2 "several hundred" per workspace
# 2.2 / 2.3 Pages.
HISTORY_LIMIT = 999
LIST_LIMIT = 999
