"""Can a person bring in a file by chat, and do they learn what was wrong with it, in their language?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest

import handlers.every  # noqa: F401  # declares the commands
from bot.dispatch import Dispatcher, nothing
from bot.platforms.spreadsheets import LARGEST_FILE
from core.clock import FixedClock
from core.domain.periods import Grain
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.errors import Busy, Reason, SendError
from core.i18n.texts import text
from core.messages.model import Button, Context, Fields, Form, Message, Paragraph, Table
from core.messages.phrases import plain
from core.messages.tokens import Signer
from core.ports import Invocation, InvocationKind
from core.services.workspaces import create
from core.storage.repositories.chat import OfferedFile, StoredFile
from core.storage.repositories.inbox import Inbox, RequestKey
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.command import REGISTRY
from handlers.kernel.context import Fetch
from tests.order_files import HEADER, Line

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
Part = TypeVar("Part")
GOOD = "\n".join([HEADER, Line("1001", "2024-05-27", 2).row(), Line("1002", "2024-05-28").row()]).encode()


@dataclass
class Chat:
    """One person who sends files."""

    database: Database
    workspace: Workspace
    member: Member
    said: list[str] = field(default_factory=list)
    fetch: Fetch = nothing

    def share(self, content: bytes, name: str = "orders.csv", visible_to: int | None = None) -> str:
        ref = f"ref-{len(self.said)}"
        self.said.append(ref)
        with self.database.write() as uow:
            uow.files.add(StoredFile(ref, self.workspace.id, name, "application/octet-stream", content, visible_to), NOW)
            uow.commit()
        return ref

    def drop(self, content: bytes, name: str = "orders.csv") -> Answer:
        return self._act(InvocationKind.FILE, self.share(content, name), {})

    def press(self, button: Button, key: str = "", **fields: str) -> Answer:
        return self._act(InvocationKind.FORM, button.token, fields, key)

    def open(self, form: Form) -> Answer:
        return self._act(InvocationKind.OPEN, form.opening, {})

    def say(self, line: str) -> Answer:
        return self._act(InvocationKind.COMMAND, line, {})

    def bring(self, content: bytes, name: str = "orders.csv") -> Answer:
        """Drops the file and confirms what is shown."""
        return self.press(confirming(self.drop(content, name).message))

    def _act(self, kind: InvocationKind, payload: str, fields: Mapping[str, str], key: str = "") -> Answer:
        self.said.append(payload)
        key = key or f"key-{len(self.said)}"
        dispatch = Dispatcher(self.database, FixedClock(NOW), REGISTRY, Signer(self.database.sealer.derive("token")), fetch=self.fetch)
        return dispatch(Invocation("web", str(self.workspace.id), str(self.member.id), "ops", key, kind, payload, fields))

    def known(self, metric: str) -> dict[date, str]:
        with self.database.read() as uow:
            window = uow.readings.window(self.workspace.id, (Grain.DAY,), date(2024, 1, 1), date(2024, 12, 31), datetime(2025, 1, 1, tzinfo=UTC))
        return {day: f"{known.value.normalize():f}" for day, known in window.calendar.get((metric, Grain.DAY), {}).items()}


@pytest.fixture(params=list(Locale))
def chat(embedded: Database, request: pytest.FixtureRequest) -> Chat:
    with embedded.write() as uow:
        wanted = Workspace(0, "Tea shop", request.param, "Asia/Shanghai", "CNY", "CN")
        workspace, member, _ = create(uow, wanted, Member(0, "林晓", Permission.ADMIN, handle="lin"), NOW)
        uow.commit()
    return Chat(embedded, workspace, member)


def part(message: Message, kind: type[Part]) -> Part:
    return next(block for block in message.blocks if isinstance(block, kind))


def confirming(message: Message) -> Button:
    buttons = [block.submit for block in message.blocks if isinstance(block, Form)]
    buttons += [button for block in message.blocks for button in getattr(block, "buttons", ())]
    return next(button for button in buttons if "confirmed" in button.press.arguments)


def sentence(answer: Answer) -> str:
    return "\n".join(plain(line) for block in answer.message.blocks if isinstance(block, Paragraph) for line in block.lines)


def test_a_dropped_file_is_shown_with_its_guessed_columns_and_nothing_is_kept(chat: Chat) -> None:
    message = chat.drop(GOOD).message
    form = part(message, Form)
    chosen = {item.name: item.value for item in form.fields}
    assert (chosen["invoice"], chosen["at"], chosen["price"], chosen["customer"]) == ("Invoice", "InvoiceDate", "Price", "Customer ID")
    assert {item.name for item in form.fields if item.required} == {"invoice", "at", "quantity", "price"}
    assert [plain(cell) for cell in part(message, Table).rows[0]][:2] == ["1001", "MB001"]
    assert chat.known("gmv") == {}


def test_confirming_imports_the_file(chat: Chat) -> None:
    answer = chat.bring(GOOD)
    assert answer.outcome is Outcome.DONE
    assert chat.known("gmv") == {date(2024, 5, 27): "20", date(2024, 5, 28): "10"}
    facts = [plain(words) for _, words in part(answer.message, Fields).pairs]
    assert facts[0] == "2"


def test_a_column_that_could_not_be_guessed_can_be_chosen(chat: Chat) -> None:
    odd = GOOD.replace(b"Invoice,", b"Ref,", 1)
    shown = chat.drop(odd).message
    still = chat.press(confirming(shown)).message
    assert next(item for item in part(still, Form).fields if item.name == "invoice").error
    assert chat.press(confirming(still), invoice="Ref").outcome is Outcome.DONE
    assert chat.known("orders") == {date(2024, 5, 27): "1", date(2024, 5, 28): "1"}


def test_one_column_is_not_two_fields(chat: Chat) -> None:
    shown = chat.drop(GOOD).message
    answer = chat.press(confirming(shown), price="Quantity", quantity="Quantity")
    assert answer.outcome is Outcome.MISTAKE
    assert "Quantity" in sentence(answer)


def test_the_same_file_again_says_that_nothing_changed(chat: Chat) -> None:
    first, again = chat.bring(GOOD), chat.bring(GOOD)
    assert first.message.fallback != again.message.fallback
    assert again.outcome is Outcome.DONE


@pytest.mark.parametrize("content", [GOOD, b"day,dau\n2024-06-01,12000\n"], ids=["orders", "readings"])
def test_another_attempt_at_the_same_request_tells_what_the_first_one_brought(chat: Chat, content: bytes) -> None:
    button = confirming(chat.drop(content).message)
    first, again, anew = chat.press(button, key="once"), chat.press(button, key="once"), chat.press(button, key="twice")
    assert first.outcome is again.outcome is Outcome.DONE
    assert again.message == first.message != anew.message


def test_an_attempt_that_comes_while_the_first_ends_leaves_it_to_that_one(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    button = confirming(chat.drop(GOOD).message)
    chat.press(button, key="once")
    monkeypatch.setattr(Inbox, "answer", _nothing_yet)
    with pytest.raises(Busy):
        chat.press(button, key="once")
    assert chat.known("orders") == {date(2024, 5, 27): "1", date(2024, 5, 28): "1"}


def _nothing_yet(inbox: Inbox, request: RequestKey) -> bytes:
    raise LookupError


def test_rejected_rows_are_told_by_line_and_reason_and_the_rest_is_counted(chat: Chat) -> None:
    bad = [Line(str(number), "2024-05-27").row().replace("10.00", "ten") for number in range(94)]
    answer = chat.bring(GOOD + "\n".join(["", *bad]).encode())
    lines = sentence(answer).splitlines()
    assert len(lines) == 12
    assert "4" in lines[1]
    assert "Price" in lines[1]
    assert "ten" in lines[1]
    assert "84" in lines[-1]
    assert chat.known("orders") == {date(2024, 5, 27): "1", date(2024, 5, 28): "1"}


def test_a_file_without_a_good_row_is_a_mistake_and_keeps_nothing(chat: Chat) -> None:
    answer = chat.bring(GOOD.replace(b"10.00", b"ten"))
    assert answer.outcome is Outcome.MISTAKE
    assert "ten" in sentence(answer)
    assert chat.known("gmv") == {}


def test_a_table_of_days_and_metrics_is_imported_as_figures(chat: Chat) -> None:
    table = "日期,DAU,访客数\n2024-06-01,8.5万,10万\n2024-06-02,86000,abc\n2024-06-05,1,1\n".encode("gb18030")
    answer = chat.bring(table, "日报.csv")
    assert answer.outcome is Outcome.DONE
    assert chat.known("dau") == {date(2024, 6, 1): "85000", date(2024, 6, 2): "86000"}
    assert chat.known("visitors") == {date(2024, 6, 1): "100000"}
    assert "abc" in sentence(answer)
    assert "2024-06-05" in sentence(answer)


def facts(message: Message) -> list[str]:
    return [plain(words) for _, words in part(message, Fields).pairs]


def test_lines_are_counted_and_not_cells_and_one_used_in_part_is_said_to_be(chat: Chat) -> None:
    table = "日期,DAU,访客数\n2024-06-01,8.5万,10万\n2024-06-02,86000,abc\n2024-06-09,1,1\n".encode()
    assert facts(chat.bring(table, "日报.csv").message)[:3] == ["1", "1", "1"]


def test_a_column_that_is_not_used_makes_no_line_partly_used(chat: Chat) -> None:
    table = "日期,DAU,备注\n2024-06-01,8.5万,好\n".encode()
    message = chat.bring(table, "日报.csv").message
    assert (facts(message)[0], len(facts(message))) == ("1", 3), "rows used, dates, days"


def typed(chat: Chat, figure: str, day: str) -> None:
    assert chat.say(f"/kpi log {figure} {day}").outcome is Outcome.DONE


def test_a_figure_of_a_file_that_one_typed_goes_before_is_named_and_not_called_an_update(chat: Chat) -> None:
    typed(chat, "dau=85012", "2024-06-01")
    table = b"day,dau\n2024-06-01,12000\n2024-06-02,13000\n"
    answer = chat.bring(table, "dau.csv")
    assert chat.known("dau") == {date(2024, 6, 1): "85012", date(2024, 6, 2): "13000"}
    (line,) = [line for line in sentence(answer).splitlines() if "85,012" in line]
    assert "2" in line
    assert "12K" in line or "1.2万" in line
    assert facts(answer.message)[-1] == "1", "one day is shown otherwise than before, not two"


def test_a_file_of_which_nothing_is_shown_says_so_and_one_that_says_the_same_has_nothing_to_say(chat: Chat) -> None:
    typed(chat, "dau=85000", "2024-06-01")
    other = chat.bring(b"day,dau\n2024-06-01,12000\n", "dau.csv").message
    again = chat.bring(b"day,dau\n2024-06-01,12000\n", "dau.csv").message
    alike = chat.bring(b"day,dau\n2024-06-01,85000\n", "dau.csv").message
    assert other.fallback == again.fallback != alike.fallback
    assert "dau.csv" in other.fallback
    assert not any(isinstance(block, Paragraph) for block in alike.blocks)


def test_logging_the_figure_again_puts_the_files_value_on_the_board(chat: Chat) -> None:
    typed(chat, "dau=85000", "2024-06-01")
    chat.bring(b"day,dau\n2024-06-01,12000\n", "dau.csv")
    typed(chat, "dau=12000", "2024-06-01")
    assert chat.known("dau") == {date(2024, 6, 1): "12000"}


def test_a_wrong_guess_of_the_kind_can_be_put_right(chat: Chat) -> None:
    shown = chat.drop("日期,DAU\n2024-06-01,85000\n".encode()).message
    other = next(button for block in shown.blocks for button in getattr(block, "buttons", ()) if button.press.arguments.get("kind") == "orders")
    assert {item.name for item in part(chat.press(other).message, Form).fields} >= {"invoice", "at"}


def test_without_a_file_one_is_asked_for(chat: Chat) -> None:
    answer = chat.say("/运营 导入" if chat.workspace.locale is Locale.ZH else "/ops import")
    assert [item.kind for item in part(answer.message, Form).fields] == ["file"]


def test_a_file_that_another_person_was_shown_is_not_found(chat: Chat) -> None:
    ref = chat.share(GOOD, visible_to=chat.member.id + 1)
    assert chat.say(f"/ops import file={ref}").outcome is Outcome.MISTAKE


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return packed.getvalue()


BAD_FILES: Mapping[str, bytes] = {
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a PDF": b"%PDF-1.7 nothing",
    "a cut workbook": b"PK\x03\x04" + bytes(50),
    "a bomb": _bomb(),
    "a cut Parquet": b"PAR1" + bytes(30),
    "noise": bytes(range(128, 256)) * 20,
    "a line of prose": "今天天气不错".encode(),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_what_is_no_table_is_refused_by_a_sentence_and_never_by_a_fault(chat: Chat, what: str) -> None:
    answer = chat.drop(BAD_FILES[what], "file.bin")
    assert answer.outcome is Outcome.MISTAKE
    assert "file.bin" in sentence(answer)
    assert not any(isinstance(block, Form) for block in answer.message.blocks), "the sentence alone, for there is nothing to fill in"
    assert chat.known("gmv") == {}


BAD_CELLS = {
    "not a number": ("10.00", "NaN"),
    "a future day": ("2024-05-28", "2024-06-09"),
    "no day": ("2024-05-28", "2024-02-31"),
    "no invoice": ("1002,", ","),
    "another currency": ("10.00,C1,China", "$10.00,C1,China"),
    "a share for a count": ("MB001,Thing,1,", "MB001,Thing,50%,"),
}


@pytest.mark.parametrize("what", BAD_CELLS)
def test_a_bad_cell_costs_its_row_alone(chat: Chat, what: str) -> None:
    good, bad = BAD_CELLS[what]
    head, first, second = GOOD.decode().splitlines()
    answer = chat.bring("\n".join([head, first, second.replace(good, bad, 1)]).encode())
    assert answer.outcome is Outcome.DONE
    assert "3" in sentence(answer)
    assert chat.known("orders") == {date(2024, 5, 27): "1"}


def test_a_column_can_be_called_a_metric(chat: Chat) -> None:
    ref = chat.share("日期,成交\n2024-06-01,20000\n".encode())
    answer = chat.say(f'/ops import file={ref} kind=readings map="成交=gmv" confirmed=yes')
    assert answer.outcome is Outcome.DONE
    assert chat.known("gmv") == {date(2024, 6, 1): "20000"}


def test_columns_that_say_nothing_to_us_are_named_before_anything_is_kept(chat: Chat) -> None:
    extra = "\n".join([f"{HEADER},订单状态", f"{Line('1001', '2024-05-27').row()},已退款"]).encode()
    told = [plain(block.text) for block in chat.drop(extra).message.blocks if isinstance(block, Context)]
    assert any("订单状态" in line for line in told)


# ------------------------------------------------------------------ files that lie on the platform


def offered(chat: Chat, visible_to: int | None = None, ref: str = "offered") -> str:
    with chat.database.write() as uow:
        binding = uow.places.binding("web", str(chat.workspace.id))
        assert binding is not None
        file = OfferedFile(ref, chat.workspace.id, "orders.csv", "text/csv", binding[0], "F1", visible_to or chat.member.id)
        ref = uow.files.offer(file, NOW)
        uow.commit()
    return ref


def test_a_file_on_the_platform_is_fetched_once(chat: Chat) -> None:
    fetched: list[str] = []

    def fetch(binding: int, external: str) -> bytes:
        fetched.append(external)
        return GOOD

    chat.fetch = fetch
    ref = offered(chat)
    for _ in range(2):
        assert chat.say(f"/ops import file={ref}").message.card == "imports.preview"
    assert fetched == ["F1"]


def test_a_file_that_cannot_be_fetched_is_said(chat: Chat) -> None:
    answer = chat.say(f"/ops import file={offered(chat)}")
    assert answer.outcome is Outcome.MISTAKE
    assert "orders.csv" in answer.message.fallback


def test_a_file_that_somebody_else_shared_first_is_still_the_persons_own(chat: Chat) -> None:
    chat.fetch = lambda binding, external: GOOD
    offered(chat, visible_to=chat.member.id + 1)
    assert chat.say(f"/ops import file={offered(chat, ref='own')}").message.card == "imports.preview"


def test_a_file_too_large_to_be_fetched_is_refused_with_the_limit(chat: Chat) -> None:
    def fetch(binding: int, external: str) -> bytes:
        raise SendError(Reason.TOO_LARGE, retryable=False)

    chat.fetch = fetch
    answer = chat.say(f"/ops import file={offered(chat)}")
    assert answer.outcome is Outcome.MISTAKE
    limit = f"{LARGEST_FILE // 2**20} MB"
    assert limit in sentence(answer)
    assert limit in text(chat.workspace.locale, "imports.ask.hint")


def test_a_file_offered_to_another_is_not_fetched(chat: Chat) -> None:
    chat.fetch = lambda binding, external: pytest.fail("fetched")
    assert chat.say(f"/ops import file={offered(chat, visible_to=-1)}").outcome is Outcome.MISTAKE


def test_opening_the_form_of_a_preview_imports_nothing(chat: Chat) -> None:
    (form,) = [block for block in chat.drop(GOOD).message.blocks if isinstance(block, Form)]
    opened = chat.open(form)
    assert opened.message.card == "imports.preview"
    assert chat.known("gmv") == {}
