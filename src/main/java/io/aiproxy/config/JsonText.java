package io.aiproxy.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.json.Mappers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a configuration as JSON: strict, bounded, and with numbers that keep the way they were written. */
final class JsonText {
  static final int MAX_DEPTH = 64;
  private static final int MAX_STRING = 1 << 20;
  private static final int MAX_NAME = 1000;
  private static final int MAX_NUMBER = 400;

  private static final JsonFactory FACTORY = Mappers.factory()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxDocumentLength(SmallFile.MAX_BYTES)
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_STRING)
          .maxNameLength(MAX_NAME)
          .maxNumberLength(MAX_NUMBER)
          .build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .build();

  /** The parser's messages quote what they found, which may be a credential; only what it expected is passed on. */
  private static final Pattern EXPECTED =
      Pattern.compile("(?:\\bwas expecting|: expected) (.+?)(?: \\(for .*)?$", Pattern.DOTALL);

  private JsonText() {}

  static JsonNode parse(byte[] text) throws BadConfiguration {
    try {
      JsonNode json = tree(FACTORY.createParser(text));
      if (json.isMissingNode()) {
        throw new BadConfiguration(
            List.of(new ConfigError("", "holds nothing; expected a JSON object")));
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new BadConfiguration(List.of(new ConfigError(place(e), message(e))));
    } catch (IOException e) {
      throw new BadConfiguration(List.of(new ConfigError("", "is not JSON in UTF-8")));
    }
  }

  /** The value of a text; a missing node if there is none. */
  static JsonNode tree(String text) throws IOException {
    return tree(FACTORY.createParser(text));
  }

  private static JsonNode tree(JsonParser parser) throws IOException {
    try (parser) {
      return JsonTree.read(parser);
    }
  }

  private static String place(JsonProcessingException e) {
    JsonLocation location = Optional.ofNullable(e.getLocation()).orElse(JsonLocation.NA);
    return location.getLineNr() < 1
        ? ""
        : "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String message(JsonProcessingException e) {
    String original = Optional.ofNullable(e.getOriginalMessage()).orElse("");
    if (e instanceof StreamConstraintsException) {
      return "goes beyond what is read: at most " + MAX_DEPTH + " levels, " + MAX_STRING
          + " characters a string, " + MAX_NUMBER + " a number, " + SmallFile.MAX_BYTES
          + " bytes in all";
    }
    if (e instanceof JsonEOFException) {
      return "the text ends too early";
    }
    if (original.startsWith("Duplicate field")) {
      return "a key is given twice in one object";
    }
    if (original.startsWith("Trailing token")) {
      return "expected the end of the text";
    }
    Matcher expected = EXPECTED.matcher(original);
    return expected.find() ? "is not JSON: expected " + expected.group(1).strip() : "is not JSON";
  }
}
