package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What another reader makes of the same bytes. */
final class Jackson {
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(1_000_000)
          .maxNumberLength(1_000_000)
          .build())
      .build();
  private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  /** A member of the outermost object as it was read. */
  record Member(String name, int from, int valueFrom) {}

  private Jackson() {}

  /**
   * Whether this is one JSON text in UTF-8 that gives no name twice in its outermost object. Nothing is known of one that has
   * half a surrogate pair in a name: the grammar allows it, this reader does not.
   */
  static Optional<Boolean> accepts(byte[] text) {
    try {
      return Optional.of(reads(text));
    } catch (IOException e) {
      boolean halfAPair =
          e.getMessage() != null && e.getMessage().matches("(?s).*surrogate.* in field name.*");
      return halfAPair ? Optional.empty() : Optional.of(false);
    }
  }

  private static boolean reads(byte[] text) throws IOException {
    Set<String> names = new HashSet<>();
    // UTF-8 is judged by the JDK: for the JSON reader surrogates and long forms are good enough
    try (JsonParser parser =
        FACTORY.createParser(UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString())) {
      JsonToken first = parser.nextToken();
      int depth = 0;
      for (JsonToken token = first; token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.FIELD_NAME && depth == 1 && !names.add(parser.currentName())) {
          return false;
        }
        if (token.isScalarValue()) {
          parser.getText();
        }
        if (depth == 0 && (token.isScalarValue() || token.isStructEnd())) {
          return parser.nextToken() == null;
        }
      }
      return false;
    }
  }

  static List<Member> members(byte[] text) throws IOException {
    List<Member> members = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        String name = parser.currentName();
        parser.nextToken();
        members.add(new Member(name, from, (int) parser.currentTokenLocation().getByteOffset()));
        parser.skipChildren();
      }
    }
    return members;
  }

  static JsonNode tree(byte[] text) throws IOException {
    return MAPPER.readTree(text);
  }

  static Optional<JsonNode> treeIfGood(byte[] text) {
    try {
      return Optional.of(tree(text));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
