package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for something else in a configuration's strings. Inside a text: <code>${NAME}</code>, an environment variable that must be
 * there and not be empty, and <code>${NAME:-default}</code>, which may be either. As a whole string: {@code $env://NAME},
 * {@code $env://NAME/key} for a member of the JSON object that the variable holds, and {@code $file://path} for what a file holds, less a
 * line break at its end; {@code ENV} and {@code FILE} may be in upper case too.
 *
 * <p>What a reference stands for is not searched for references again. <code>${</code> is the only thing special inside a text; where it is
 * meant itself, <code>${x:-$}{</code> says so.
 */
final class References {
  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  /** Everything that looks as if it were meant as a reference inside a text. */
  private static final Pattern INSIDE = Pattern.compile("\\$\\{(?:(" + NAME + ")(:-([^}]*))?}|())");

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:env|ENV)://(" + NAME + ")(?:/(.+))?");
  private static final Pattern FILE = Pattern.compile("\\$(?:file|FILE)://(.+)", Pattern.DOTALL);
  private static final List<String> WHOLE =
      List.of("$env://", "$ENV://", "$file://", "$FILE://", "$secret://");
  /** What a schema has to let pass wherever a string is wanted, since it cannot know what it stands for. */
  static final String PATTERN = "\\$\\{" + NAME + "(:-[^}]*)?\\}|^\\$(env|ENV|file|FILE)://.";

  private final Environment environment;

  References(Environment environment) {
    this.environment = environment;
  }

  /** Says which reference leads nowhere, and never what another one led to. */
  static final class Unresolved extends Exception {
    private final String message;

    Unresolved(String message) {
      super(message, null, false, false);
      this.message = message;
    }

    String message() {
      return message;
    }
  }

  String resolve(String text) throws Unresolved {
    if (text.indexOf('$') < 0) {
      return text;
    }
    for (String prefix : WHOLE) {
      if (text.startsWith(prefix)) {
        return whole(text, prefix);
      }
      if (text.contains(prefix)) {
        throw new Unresolved(
            prefix + " must be the beginning of the string; inside of one, ${NAME} is a variable");
      }
    }
    return inside(text);
  }

  private String whole(String text, String prefix) throws Unresolved {
    Matcher variable = VARIABLE.matcher(text);
    if (variable.matches()) {
      String value = variable(variable.group(1));
      return variable.group(2) == null
          ? value
          : member(variable.group(1), variable.group(2), value);
    }
    Matcher file = FILE.matcher(text);
    if (file.matches()) {
      return file(file.group(1));
    }
    throw new Unresolved(
        prefix.equals("$secret://")
            ? "$secret:// is not supported; use ${NAME}, $env:// or $file://"
            : prefix + " must be followed by the name of "
                + (prefix.contains("v") ? "a variable" : "a file"));
  }

  private String inside(String text) throws Unresolved {
    Matcher reference = INSIDE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (reference.find()) {
      if (reference.group(1) == null) {
        throw new Unresolved(
            "${ must be followed by the name of a variable and }, as in ${NAME} or ${NAME:-default}");
      }
      String value = reference.group(2) == null
          ? variable(reference.group(1))
          : environment
              .variable(reference.group(1))
              .filter(set -> !set.isEmpty())
              .orElse(reference.group(3));
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    return reference.appendTail(resolved).toString();
  }

  private String variable(String name) throws Unresolved {
    String value = environment
        .variable(name)
        .orElseThrow(
            () -> new Unresolved("environment variable " + Shown.text(name) + " is not set"));
    if (value.isEmpty()) {
      throw new Unresolved("environment variable " + Shown.text(name) + " is empty");
    }
    return value;
  }

  private static String member(String name, String key, String object) throws Unresolved {
    String where = "environment variable " + Shown.text(name);
    JsonNode json;
    try {
      json = JsonText.tree(object);
    } catch (IOException e) {
      // the parser's own message quotes the text
      throw new Unresolved(where + " does not hold a JSON object");
    }
    if (!json.isObject()) {
      throw new Unresolved(where + " does not hold a JSON object");
    }
    if (!json.path(key).isValueNode() || json.path(key).isNull()) {
      throw new Unresolved(where + " holds no text at " + Shown.text(key));
    }
    return json.path(key).asText();
  }

  private String file(String name) throws Unresolved {
    String shown = "file " + Shown.text(name);
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(environment.file(Path.of(name))))
          .toString()
          .replaceFirst("\\r?\\n\\z", "");
      if (text.isEmpty()) {
        throw new Unresolved(shown + " is empty");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new Unresolved(shown + " is not UTF-8 text");
    } catch (IOException | InvalidPathException e) {
      throw new Unresolved(shown + " cannot be read");
    }
  }
}
