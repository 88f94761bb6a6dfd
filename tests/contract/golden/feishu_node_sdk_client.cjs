// A client of the long connection by Feishu's own Node SDK: connects, answers a press with a toast, prints what it understood.
// Started by feishu_node_sdk_frames.py.
const lark = require("@larksuiteoapi/node-sdk");

const [domain, appId, appSecret] = process.argv.slice(2);
const client = new lark.WSClient({ appId, appSecret, domain, loggerLevel: lark.LoggerLevel.error });
const eventDispatcher = new lark.EventDispatcher({ loggerLevel: lark.LoggerLevel.error }).register({
  "card.action.trigger": async (data) => {
    const { pingInterval } = client.wsConfig.getWS();
    console.log(JSON.stringify({ event_id: data.event_id, operator: data.operator.open_id, action: data.action, ping_interval: pingInterval }));
    return { toast: { type: "success", content: "已记下" } };
  },
});
client.start({ eventDispatcher });
