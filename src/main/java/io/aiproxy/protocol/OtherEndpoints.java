package io.aiproxy.protocol;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What providers offer besides the protocols that are known here. The names are the first segments of the paths in OpenAI's
 * API description, {@code rerank} is Cohere's and Jina's, {@code skills} also Anthropic's; {@code batches}
 * below {@code messages} are Anthropic's.
 */
final class OtherEndpoints {
  private static final Set<String> FAMILIES = Set.of(
      "assistants",
      "audio",
      "batches",
      "chatkit",
      "containers",
      "conversations",
      "evals",
      "files",
      "fine_tuning",
      "images",
      "moderations",
      "organization",
      "realtime",
      "rerank",
      "responses",
      "skills",
      "threads",
      "uploads",
      "vector_stores",
      "videos");

  private static final Set<String> BELOW_MESSAGES = Set.of("batches");
  private static final Pattern VERSION = Pattern.compile("v[0-9][0-9a-z]*");

  private OtherEndpoints() {}

  /**
   * Whether a path is of one of the families: at the root, behind a version, or as Azure has them,
   * behind {@code openai} or one of its deployments.
   *
   * @param path decoded, with its leading slash
   */
  static boolean has(String path) {
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      if ((FAMILIES.contains(segments[i]) && isRoot(segments, i))
          || (BELOW_MESSAGES.contains(segments[i]) && segments[i - 1].equals("messages"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRoot(String[] segments, int at) {
    return at == 1
        || segments[at - 1].equals("openai")
        || VERSION.matcher(segments[at - 1]).matches()
        || (at > 2 && segments[at - 2].equals("deployments"));
  }
}
