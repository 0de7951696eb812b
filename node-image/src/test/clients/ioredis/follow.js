// Writes a key by way of Sentinels, and another one after a line of standard input, as soon as a master takes it.
const Redis = require("ioredis");

const [name, ...addresses] = process.argv.slice(2);
const sentinels = addresses.map((address) => {
  const [host, port] = address.split(":");
  return { host, port: Number(port) };
});
const master = new Redis({ name, sentinels, connectTimeout: 5000, retryStrategy: () => 100, sentinelRetryStrategy: () => 100 });
master.on("error", () => {}); // while there is no master
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function until(value) {
  for (;;) {
    try {
      return await master.set("ioredis", value);
    } catch (e) {
      await pause(50);
    }
  }
}

(async () => {
  await until("before");
  console.log("before");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  await until("after");
  console.log("after");
  process.exit(0);
})();
