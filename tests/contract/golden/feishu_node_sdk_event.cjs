// Which events does Feishu's own Node SDK take as genuine? This makes three, encrypted under the key that the SDK's cipher derives (its
// AESCipher only decrypts) and signed, and prints them once the SDK's cipher and dispatcher have taken each of them. To make the file anew:
//   npm install --prefix DIR @larksuiteoapi/node-sdk@1.74.0
//   NODE_PATH=DIR/node_modules node tests/contract/golden/feishu_node_sdk_event.cjs > tests/contract/golden/feishu_node_sdk_event.json
const crypto = require("crypto");
const lark = require("@larksuiteoapi/node-sdk");

const encryptKey = "kudryavka";
const verificationToken = "rvaYgkND1GOiu5MM0E1rncYC6PLtF7JV";
const timestamp = "1717462500"; // 2024-06-04 00:55 UTC
const ids = (name) => ({ union_id: `on_${name}`, user_id: null, open_id: `ou_${name}` });
const header = (type) => ({
  event_id: `5e3702a84e847582be8db7fb73283c02-${type}`, event_type: type, create_time: `${timestamp}000`,
  token: verificationToken, app_id: "cli_a5ca35a685b0826e", tenant_key: "2d520d3b434f175e",
});
const message = {
  message_id: "om_5ce6d572455d361153b7cb51da133945", create_time: `${timestamp}000`, update_time: `${timestamp}000`,
  chat_id: "oc_5ce6d572455d361153b7xx51da133945", chat_type: "group", message_type: "text",
  content: JSON.stringify({ text: "@_user_1 /任务 列表 8.5万 😀" }),
  mentions: [{ key: "@_user_1", id: ids("bot"), name: "晨钟", tenant_key: "2d520d3b434f175e", mentioned_type: "bot" }],
};
const bodies = {
  "im.message.receive_v1": { sender: { sender_id: ids("ann"), sender_type: "user", tenant_key: "2d520d3b434f175e" }, message },
  "card.action.trigger": {
    operator: { tenant_key: "2d520d3b434f175e", ...ids("ann") }, token: "c-295ee57216a5dc9de90fefd0aadb4b1d7dxxxx",
    action: { value: { token: "t" }, tag: "button", timezone: "Asia/Shanghai", name: "submit", form_value: { cause: "缺货" } },
    host: "im_message", context: { open_message_id: message.message_id, open_chat_id: message.chat_id },
  },
  "application.bot.menu_v6": { operator: { operator_name: "安然", operator_id: ids("ann") }, event_key: "today", timestamp: Number(timestamp) },
};

function seal(plain, number) {
  const iv = crypto.createHash("md5").update(String(number)).digest();
  const cipher = crypto.createCipheriv("aes-256-cbc", new lark.AESCipher(encryptKey).key, iv);
  const encrypted = Buffer.concat([iv, cipher.update(plain, "utf8"), cipher.final()]).toString("base64");
  const body = JSON.stringify({ encrypt: encrypted });
  const nonce = `nonce-${number}`;
  const signature = crypto.createHash("sha256").update(timestamp + nonce + encryptKey + body).digest("hex");
  return { headers: { "X-Lark-Request-Timestamp": timestamp, "X-Lark-Request-Nonce": nonce, "X-Lark-Signature": signature }, body };
}

async function taken(type, sealed) {
  const lower = Object.fromEntries(Object.entries(sealed.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const request = Object.assign(Object.create({ headers: lower }), JSON.parse(sealed.body));
  const dispatcher = new lark.EventDispatcher({ encryptKey, verificationToken, loggerLevel: lark.LoggerLevel.error });
  return (await dispatcher.register({ [type]: (data) => data.event_id }).invoke(request)) === header(type).event_id;
}

(async () => {
  const events = [];
  for (const [number, [type, event]] of Object.entries(bodies).entries()) {
    const payload = { schema: "2.0", header: header(type), event };
    const sealed = seal(JSON.stringify(payload), number);
    const { encrypt } = JSON.parse(sealed.body);
    if (new lark.AESCipher(encryptKey).decrypt(encrypt) !== JSON.stringify(payload)) throw new Error(`${type}: the SDK's cipher reads something else`);
    if (!(await taken(type, sealed))) throw new Error(`${type}: the SDK's dispatcher does not take it`);
    events.push({ ...sealed, payload });
  }
  console.log(JSON.stringify({ sdk: "@larksuiteoapi/node-sdk 1.74.0", encrypt_key: encryptKey, verification_token: verificationToken, events }, null, 2));
})();
