package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** A piece of a message. In a stream it is what is known when the piece begins, and grows. */
public sealed interface Part {
  Origin origin();

  /** Words. */
  record Text(String text, List<Citation> citations, Origin origin) implements Part {
    public Text {
      citations = List.copyOf(citations);
    }

    public static Text of(String text) {
      return new Text(text, List.of(), Origin.NONE);
    }
  }

  /**
   * What a model thought.
   *
   * @param text empty if the provider hides it
   * @param signature by which its maker knows it again; empty if there is none
   */
  record Thought(String text, Optional<Signature> signature, Origin origin) implements Part {}

  /** Why a model does not answer, in its words. */
  record Refusal(String text, Origin origin) implements Part {}

  /**
   * A model wants a tool called.
   *
   * @param id by which the result names it
   * @param arguments JSON as the model wrote it, not always good; for a tool that takes free text that text
   * @param free whether the tool takes free text
   */
  record ToolCall(String id, String name, String arguments, boolean free, Origin origin)
      implements Part {}

  /**
   * What a tool gave.
   *
   * @param id of the call
   * @param name of the tool; empty if the call is not to be found
   * @param plain whether the client wrote a mere string
   * @param failed whether the client says that the tool failed
   */
  record ToolResult(
      String id, String name, List<Part> content, boolean plain, boolean failed, Origin origin)
      implements Part {
    public ToolResult {
      content = List.copyOf(content);
    }
  }

  /**
   * Something to look at, to listen to or to read.
   *
   * @param type the media type; empty if the client did not say
   * @param name of the file; empty if it has none
   */
  record Media(Kind kind, String type, Source source, String name, Origin origin) implements Part {
    /** What sort of thing it is. */
    public enum Kind {
      IMAGE,
      AUDIO,
      VIDEO,
      DOCUMENT
    }
  }

  /** Where a {@link Media} is. */
  sealed interface Source {
    /** In base64, without line breaks. */
    record Data(String base64) implements Source {}

    record Url(String url) implements Source {}

    /** Kept by a provider, who alone knows it. */
    record File(String id) implements Source {}
  }

  /**
   * All before this is to be cached by the provider.
   *
   * @param lifetime such as {@code 5m}; empty for the provider's own
   */
  record CachePoint(String lifetime, Origin origin) implements Part {}

  /** What only its own protocol knows, as it stood there. */
  record Other(JsonNode json, Origin origin) implements Part {}
}
