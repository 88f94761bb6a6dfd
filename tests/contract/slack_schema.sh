#!/bin/sh
# Draws slack_blocks.schema.json anew from Slack's own types: the blocks that the renderer may use, in messages, home tabs and modals.
# Needs node and npm; installs them into a folder of its own, which goes away again.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes >/dev/null
npm install --silent --save-exact @slack/types@3.2.0 ts-json-schema-generator@2.4.0
cat >tsconfig.json <<'JSON'
{"compilerOptions": {"strict": true, "module": "nodenext", "moduleResolution": "nodenext", "skipLibCheck": true}, "files": ["shown.ts"]}
JSON
cat >shown.ts <<'TS'
import type {
  ActionsBlock, ContextBlock, DividerBlock, HeaderBlock, HomeView, ImageBlock, InputBlock, ModalView, RichTextBlock, SectionBlock, TableBlock,
} from '@slack/types';

type Common = ActionsBlock | ContextBlock | DividerBlock | HeaderBlock | ImageBlock | RichTextBlock;
export interface Message { text: string; blocks: (Common | TableBlock)[] }
export interface Home extends Omit<HomeView, 'blocks'> { blocks: Common[] }
export interface Modal extends Omit<ModalView, 'blocks'> { blocks: (Common | InputBlock | SectionBlock)[] }
TS
npx ts-json-schema-generator --path shown.ts --tsconfig tsconfig.json --type '*' --jsDoc none --out "$here/slack_blocks.schema.json"
