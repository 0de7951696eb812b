package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.store.Type;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A set, hash or sorted set that has something twice was damaged, whatever its checksum says. */
class TwiceTest {
    @ParameterizedTest
    @EnumSource(
            value = Type.class,
            names = {"SET", "HASH", "ZSET"})
    void isRefused(Type type) {
        Slice a = new Slice().copyOf(new byte[] {'a'});
        try (NativeBuffer out = new NativeBuffer(64);
                Store store = new Store(1);
                StoreLoader loader = new StoreLoader(store, new LoadProgress())) {
            RdbWriter writer = new RdbWriter(out);
            writer.type(RdbWriter.typeOf(type));
            writer.length(2);
            for (int i = 0; i < 2; i++) {
                writer.string(a.address(), 1);
                if (type == Type.HASH) {
                    writer.string(a.address(), 1);
                } else if (type == Type.ZSET) {
                    writer.score(i);
                }
            }
            assertThatThrownBy(() -> new RdbReader(out.address(), out.readable(), loader).readValue(a))
                    .isInstanceOf(RdbException.class)
                    .hasMessageContaining("key 'a' has the same")
                    .hasMessageContaining("twice");
        }
    }
}
