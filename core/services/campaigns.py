"""Which campaigns are there, which one is meant, and where does it stand?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.domain.agenda import CampaignProgress, CampaignSummary, TaskQuery, campaign_progress
from core.domain.campaigns import Campaign, Phase, current_campaign, flaw, stage_on
from core.domain.workspaces import Workspace
from core.errors import UserError
from core.storage.unit_of_work import UnitOfWork

# Below this likeness (0 to 100) a suggestion would only puzzle.
LIKE_ENOUGH = 60
# How many campaigns a refusal names.
LISTED = 5


def create_campaign(uow: UnitOfWork, workspace: Workspace, campaign: Campaign) -> Campaign:
    """Keeps a new campaign (its `id` is ignored) and returns it with its id. Raises UserError for a taken code or a plan that cannot be."""
    wrong = flaw(campaign)
    if wrong is not None:
        raise UserError(f"campaign.flaw.{wrong}", name=campaign.name)
    if uow.campaigns.has(workspace.id, campaign.code):
        raise UserError("campaign.taken", field="code", code=campaign.code)
    return uow.campaigns.add(workspace.id, campaign)


def summaries(uow: UnitOfWork, workspace: Workspace, today: date) -> tuple[CampaignSummary, ...]:
    """Every campaign in a line, the earliest launch first."""
    counts = uow.tasks.counts(workspace.id)
    campaigns = uow.campaigns.all(workspace.id)
    return tuple(CampaignSummary(campaign, stage_on(campaign, today), *counts.get(campaign.id, (0, 0))) for campaign in campaigns)


def progress_of(uow: UnitOfWork, workspace: Workspace, typed: str, today: date) -> CampaignProgress:
    """The progress of the campaign called so, or of the current one when nothing was typed. Raises UserError."""
    campaign = find_campaign(uow, workspace, typed, today)
    return campaign_progress(campaign, uow.tasks.find(workspace.id, TaskQuery(campaign=campaign.id)), today)


def find_campaign(uow: UnitOfWork, workspace: Workspace, typed: str, today: date, field: str = "code") -> Campaign:
    """The campaign of that code or name; the current one when nothing was typed. Raises UserError with the nearest one, or the newest codes."""
    campaigns = uow.campaigns.all(workspace.id)
    current = current_campaign(campaigns, today)
    if current is None:
        raise UserError("campaign.none", field=field)
    return _named(campaigns, typed.strip(), field) if typed.strip() else current


def find_phase(campaign: Campaign, typed: str) -> Phase:
    """The campaign's phase or selling period of that code or name. Raises UserError that lists them."""
    wanted = typed.strip().casefold()
    for phase in campaign.phases:
        if wanted in (phase.code.casefold(), phase.name.casefold()):
            return phase
    choices = " / ".join(phase.name for phase in campaign.phases)
    raise UserError("campaign.phase_unknown", field="phase", typed=typed, campaign=campaign.name, choices=choices)


def _named(campaigns: Sequence[Campaign], typed: str, field: str) -> Campaign:
    wanted = typed.lstrip("#").casefold()
    for campaign in campaigns:
        if wanted in (campaign.code.casefold(), campaign.name.casefold()):
            return campaign
    near = _nearest(campaigns, wanted)
    if near is None:
        known = " / ".join(campaign.code for campaign in campaigns[-LISTED:])
        raise UserError("campaign.unknown", field=field, typed=typed, known=known)
    raise UserError("campaign.near", field=field, typed=typed, code=near.code, name=near.name)


def _nearest(campaigns: Sequence[Campaign], typed: str) -> Campaign | None:
    from rapidfuzz import fuzz, process

    spellings = [(spelling.casefold(), campaign) for campaign in campaigns for spelling in (campaign.code, campaign.name)]
    best = process.extractOne(typed, [spelling for spelling, _ in spellings], scorer=fuzz.partial_ratio, score_cutoff=LIKE_ENOUGH)
    return None if best is None else spellings[best[2]][1]
