package io.aiproxy.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.call.Failure;
import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client hears of an answer, be it one document or a stream: two answers that are heard alike are the same.
 *
 * @param voices one for each candidate
 * @param ended whether it came to its end
 */
public record Heard(
    String model, List<Voice> voices, Usage usage, boolean ended, Optional<Failure> failure) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * One candidate.
   *
   * @param others the types of all further parts
   */
  public record Voice(
      String text,
      String thought,
      String refusal,
      List<String> signatures,
      List<Called> calls,
      List<String> others,
      Stop stop) {
    Voice stopped(Stop otherwise) {
      return new Voice(text, thought, refusal, signatures, calls, others, otherwise);
    }
  }

  /** A tool that is called, with what JSON says whatever its spaces. */
  public record Called(String id, String name, String arguments) {}

  /** A document. */
  public static Heard of(Response response) {
    List<Voice> voices = new ArrayList<>();
    for (Response.Candidate candidate : response.candidates()) {
      Listener listener = new Listener();
      candidate.parts().forEach(listener::part);
      listener.stop = candidate.stop();
      voices.add(listener.voice());
    }
    return new Heard(response.model(), voices, response.usage(), true, Optional.empty());
  }

  /** A stream. */
  public static Heard of(List<Delta> deltas) {
    Map<Integer, Listener> listeners = new TreeMap<>();
    String model = "";
    Usage usage = Usage.NONE;
    Optional<Failure> failure = Optional.empty();
    boolean ended = false;
    for (Delta delta : deltas) {
      if (delta instanceof Delta.Begun begun) {
        model = begun.model();
      } else if (delta instanceof Delta.Opened opened) {
        listener(listeners, opened.candidate()).part(opened.beginning());
      } else if (delta instanceof Delta.Grown grown) {
        listener(listeners, grown.candidate()).more(grown.more());
      } else if (delta instanceof Delta.Signed signed) {
        listener(listeners, signed.candidate()).sign(signed.signature());
      } else if (delta instanceof Delta.Stopped stopped) {
        listener(listeners, stopped.candidate()).stop = stopped.stop();
      } else if (delta instanceof Delta.Counted counted) {
        usage = counted.usage();
      } else if (delta instanceof Delta.Failed failed) {
        failure = Optional.of(failed.failure());
      } else if (delta instanceof Delta.Ended) {
        ended = true;
      }
    }
    return new Heard(
        model, listeners.values().stream().map(Listener::voice).toList(), usage, ended, failure);
  }

  private static Listener listener(Map<Integer, Listener> listeners, int candidate) {
    return listeners.computeIfAbsent(candidate, number -> new Listener());
  }

  /** All that is said, one candidate behind the other. */
  public String text() {
    return String.join("", voices.stream().map(Voice::text).toList());
  }

  public List<Called> calls() {
    return voices.stream().flatMap(voice -> voice.calls().stream()).toList();
  }

  public List<String> toolNames() {
    return calls().stream().map(Called::name).toList();
  }

  /** Who says what; of the reason to stop and of the model only what the other one tells. */
  List<Object> said(Heard other) {
    List<Object> said = new ArrayList<>();
    said.add(other.model.isEmpty() ? "" : model);
    for (int i = 0; i < voices.size(); i++) {
      boolean saysWhy =
          i < other.voices.size() && !other.voices.get(i).stop().word().isEmpty();
      said.add(saysWhy ? voices.get(i) : voices.get(i).stopped(Stop.of(Stop.Reason.UNKNOWN)));
    }
    return said;
  }

  private static final class Listener {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final List<String> signatures = new ArrayList<>();
    private final List<String[]> calls = new ArrayList<>();
    private final List<StringBuilder> arguments = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private StringBuilder open = text;
    private Stop stop = Stop.of(Stop.Reason.UNKNOWN);

    void part(Part part) {
      if (part instanceof Part.Text words) {
        open = text.append(words.text());
      } else if (part instanceof Part.Thought thoughts) {
        open = thought.append(thoughts.text());
        thoughts.signature().ifPresent(this::sign);
      } else if (part instanceof Part.Refusal words) {
        open = refusal.append(words.text());
      } else if (part instanceof Part.ToolCall call) {
        calls.add(new String[] {call.id(), call.name()});
        open = new StringBuilder(call.arguments());
        arguments.add(open);
      } else {
        others.add(part.getClass().getSimpleName());
        open = new StringBuilder();
      }
    }

    void more(String more) {
      open.append(more);
    }

    void sign(Signature signature) {
      signatures.add(signature.protocol() + " " + signature.value());
    }

    Voice voice() {
      List<Called> called = new ArrayList<>();
      for (int i = 0; i < calls.size(); i++) {
        called.add(new Called(
            calls.get(i)[0], calls.get(i)[1], canonical(arguments.get(i).toString())));
      }
      return new Voice(
          text.toString(),
          thought.toString(),
          refusal.toString(),
          List.copyOf(signatures),
          called,
          List.copyOf(others),
          stop);
    }

    private static String canonical(String arguments) {
      try {
        JsonNode json = JSON.readTree(arguments);
        return json.isMissingNode() ? "{}" : json.toString();
      } catch (JsonProcessingException freeText) {
        return arguments;
      }
    }
  }
}
