package io.aiproxy.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts in which half of a character may stand alone: JSON can say so with an escape, which clients do that cut a text in the
 * middle of a character, and UTF-8 cannot. Whoever writes them puts U+FFFD in its place, as the Unicode Standard has it.
 */
public final class WellFormed {
  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

  private WellFormed() {}

  /** A text in UTF-8. */
  public static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith(REPLACEMENT)
          .encode(CharBuffer.wrap(text));
      return Arrays.copyOfRange(
          bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
    } catch (CharacterCodingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** JSON in UTF-8. */
  public static byte[] bytes(JsonMapper mapper, JsonNode json) {
    try {
      return mapper.writeValueAsBytes(json);
    } catch (JsonProcessingException half) {
      return utf8(text(mapper, json));
    }
  }

  private static String text(JsonMapper mapper, JsonNode json) {
    try {
      return mapper.writeValueAsString(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A text without halves. */
  public static String text(String text) {
    return new String(utf8(text), StandardCharsets.UTF_8);
  }
}
