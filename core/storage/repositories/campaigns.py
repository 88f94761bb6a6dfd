"""Which campaigns does a workspace have, and with which phases?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from core.domain.campaigns import Campaign, Phase, PhaseKind
from core.storage.tables.campaigns import CampaignRow, PhaseRow


class Campaigns:
    """The promotions of all workspaces; two queries a look, however many there are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, workspace: int, campaign: Campaign) -> Campaign:
        """Keeps a new campaign (its `id` is ignored) and returns it with its id, the phases in order of start."""
        ordered = _ordered(campaign.phases)
        row = CampaignRow(
            workspace_id=workspace,
            code=campaign.code,
            name=campaign.name,
            launch=campaign.launch,
            end=campaign.end,
            phases=[_phase_row(workspace, phase) for phase in ordered],
        )
        self._session.add(row)
        self._session.flush()
        return replace(campaign, id=row.id, phases=ordered)

    def all(self, workspace: int) -> tuple[Campaign, ...]:
        """Every campaign of the workspace, the earliest launch first."""
        found = select(CampaignRow).where(CampaignRow.workspace_id == workspace).order_by(CampaignRow.launch, CampaignRow.id)
        return tuple(_campaign(row) for row in self._session.scalars(found.options(selectinload(CampaignRow.phases))))

    def get(self, workspace: int, campaign: int) -> Campaign:
        """One campaign. Raises LookupError, also for a campaign of another workspace."""
        found = select(CampaignRow).where(CampaignRow.workspace_id == workspace, CampaignRow.id == campaign)
        row = self._session.scalar(found.options(selectinload(CampaignRow.phases)))
        if row is None:
            raise LookupError(f"campaign {campaign}")
        return _campaign(row)

    def has(self, workspace: int, code: str) -> bool:
        """Whether the code is taken in the workspace."""
        taken = exists().where(CampaignRow.workspace_id == workspace, CampaignRow.code == code)
        return bool(self._session.scalar(select(taken)))


def _phase_row(workspace: int, phase: Phase) -> PhaseRow:
    return PhaseRow(workspace_id=workspace, code=phase.code, kind=phase.kind, name=phase.name, start=phase.start, end=phase.end)


def _campaign(row: CampaignRow) -> Campaign:
    return Campaign(row.id, row.code, row.name, row.launch, row.end, _ordered(_phase(phase) for phase in row.phases))


def _ordered(phases: Iterable[Phase]) -> tuple[Phase, ...]:
    """By start; where a phase and a selling period begin together, the phase first."""
    return tuple(sorted(phases, key=lambda phase: (phase.start, phase.kind is PhaseKind.PERIOD, phase.code)))


def _phase(row: PhaseRow) -> Phase:
    return Phase(row.code, PhaseKind(row.kind), row.name, row.start, row.end)
