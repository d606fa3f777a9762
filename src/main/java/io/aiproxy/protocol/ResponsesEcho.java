package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.usage.Usage;
import java.util.List;

/** What an answer of the responses API says besides its output: what was asked again, and what it has cost. */
final class ResponsesEcho {
  private static final List<String> ASKED = List.of(
      "instructions",
      "max_output_tokens",
      "metadata",
      "model",
      "parallel_tool_calls",
      "prompt_cache_key",
      "reasoning",
      "safety_identifier",
      "temperature",
      "text",
      "tool_choice",
      "tools",
      "top_logprobs",
      "top_p",
      "truncation",
      "user");

  private ResponsesEcho() {}

  /**
   * An answer that has not begun, with the members that OpenAI's API description requires of one. Nobody keeps it, whatever
   * was asked.
   */
  static ObjectNode of(Request asked) {
    ObjectNode response = JsonNodeFactory.instance.objectNode();
    response.put("id", "").put("object", "response").put("created_at", 0);
    response.put("status", "in_progress").put("background", false);
    response.putNull("error").putNull("incomplete_details").putNull("instructions");
    response.putNull("max_output_tokens").put("model", "");
    response.putArray("output");
    response.put("parallel_tool_calls", true).putNull("previous_response_id");
    response.putObject("reasoning").putNull("effort").putNull("summary");
    response.put("store", false).putNull("temperature");
    response.putObject("text").putObject("format").put("type", "text");
    response.put("tool_choice", "auto").putArray("tools");
    response.putNull("top_p").put("truncation", "disabled");
    response.putNull("usage").putNull("user");
    response.putObject("metadata");
    ObjectNode request = new ResponsesRequestWriter(asked, new Losses()).written();
    ASKED.stream()
        .filter(request::hasNonNull)
        .forEach(member -> response.set(member, request.get(member)));
    return response;
  }

  /** Cached tokens are among those that were read. Each member must be there, so nothing said is zero here. */
  static ObjectNode usage(Usage usage) {
    long read = Usage.orZero(usage.cacheRead());
    long written = Usage.orZero(usage.cacheWrite());
    long input = Usage.orZero(usage.prompt()) + (usage.promptIncludesCache() ? 0 : read + written);
    long output = Usage.orZero(usage.completion());
    boolean isSum = usage.promptIncludesCache() && usage.total() != Usage.ABSENT;
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("input_tokens", input);
    json.putObject("input_tokens_details")
        .put("cached_tokens", read)
        .put("cache_write_tokens", written);
    json.put("output_tokens", output);
    json.putObject("output_tokens_details")
        .put("reasoning_tokens", Usage.orZero(usage.reasoning()));
    return json.put("total_tokens", isSum ? usage.total() : input + output);
  }
}
