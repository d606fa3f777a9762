package io.aiproxy.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Jackson without thread-locals. The buffers that it keeps there unless told would stay in the threads of a container, and with
 * them all classes of a web application that is gone. Safe for all threads.
 */
public final class Mappers {
  private Mappers() {}

  /** The beginning of a mapper. */
  public static JsonMapper.Builder mapper() {
    return JsonMapper.builder(factory().build());
  }

  /** The beginning of a factory, where a mapper needs limits of its own. */
  public static JsonFactoryBuilder factory() {
    return new JsonFactoryBuilder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool());
  }
}
