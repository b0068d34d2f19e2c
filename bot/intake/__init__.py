"""Files of annotation tools become frozen records here, streaming, with no database in sight."""
