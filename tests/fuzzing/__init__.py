"""What holds of every mail, text and answer, whatever the bytes; and the making of bytes to try it on."""
