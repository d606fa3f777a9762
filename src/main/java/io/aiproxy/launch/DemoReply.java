package io.aiproxy.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the demo's model says to something, and what it counted.
 *
 * @param words the answer, each word with the blank before it
 */
record DemoReply(List<String> words, int inputTokens) {
  private static final int QUOTED_WORDS = 8;
  private static final int DIMENSIONS = 8;
  private static final int TOKENS_OF_A_MESSAGE = 4;

  DemoReply {
    words = List.copyOf(words);
  }

  /** To a text, to messages, or to items of input; the last text in them is the question. */
  static DemoReply to(JsonNode said) {
    List<String> texts = texts(said);
    List<String> question = texts.isEmpty() ? List.of() : words(texts.get(texts.size() - 1));
    List<String> end =
        question.subList(Math.max(0, question.size() - QUOTED_WORDS), question.size());
    String answer =
        "You said \"" + String.join(" ", end) + "\". I am a demo and know no more than that.";
    int input = texts.stream()
        .mapToInt(text -> words(text).size() + TOKENS_OF_A_MESSAGE)
        .sum();
    return new DemoReply(List.of(answer.split("(?=\\s)")), input);
  }

  String text() {
    return String.join("", words);
  }

  int outputTokens() {
    return words.size();
  }

  static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  /** Numbers from -1 to 1 which are the same for the same text. */
  static List<Double> embedding(String text) {
    return IntStream.range(0, DIMENSIONS)
        .mapToObj(i -> Math.round(Math.sin(text.hashCode() * 0.001 + i) * 10_000) / 10_000.0)
        .toList();
  }

  private static List<String> texts(JsonNode said) {
    List<String> texts = new ArrayList<>();
    if (said.isTextual()) {
      texts.add(said.asText());
    }
    said.forEach(item -> {
      JsonNode content = item.path("content");
      texts.addAll(texts(content.isMissingNode() ? item.path("text") : content));
    });
    return texts;
  }
}
