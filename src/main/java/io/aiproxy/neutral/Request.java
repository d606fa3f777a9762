package io.aiproxy.neutral;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants of a model. Immutable, but for the JSON that it holds, which nobody may change.
 *
 * @param model empty if the request names none
 * @param stream whether the answer is to come while it is made
 * @param streamUsage whether a stream is to say what it has cost; only OpenAI's clients have to ask for that
 * @param messages the conversation, instructions of the system included where they stood
 * @param tools what the model may call
 * @param toolChoice empty if the client did not say
 * @param format what the answer is to look like; empty if the client did not say
 * @param reasoning how much to think; empty if the client did not say
 * @param settings all else that several protocols know
 * @param origin all else
 */
public record Request(
    String model,
    boolean stream,
    boolean streamUsage,
    List<Message> messages,
    List<Tool> tools,
    Optional<ToolChoice> toolChoice,
    Optional<Format> format,
    Optional<Reasoning> reasoning,
    Map<Setting, Given> settings,
    Origin origin) {
  public Request {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    Map<Setting, Given> copy = new EnumMap<>(Setting.class);
    copy.putAll(settings);
    settings = Collections.unmodifiableMap(copy);
  }

  /** The same of another model. */
  public Request of(String other) {
    return new Request(
        other,
        stream,
        streamUsage,
        messages,
        tools,
        toolChoice,
        format,
        reasoning,
        settings,
        origin);
  }

  /** The same with other words for its conversation and its tools. */
  public Request with(List<Message> said, List<Tool> offered, Optional<ToolChoice> choice) {
    return new Request(
        model, stream, streamUsage, said, offered, choice, format, reasoning, settings, origin);
  }

  /** In a protocol whose streams always say what they have cost. */
  public Request(
      String model,
      boolean stream,
      List<Message> messages,
      List<Tool> tools,
      Optional<ToolChoice> toolChoice,
      Optional<Format> format,
      Optional<Reasoning> reasoning,
      Map<Setting, Given> settings,
      Origin origin) {
    this(model, stream, true, messages, tools, toolChoice, format, reasoning, settings, origin);
  }
}
