using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>How a call was consented to.</summary>
/// <param name="How">chat, terminal, token, policy, or null where nothing was needed.</param>
/// <param name="Took">How long the person took.</param>
internal sealed record Consented(string? How, TimeSpan? Took = null)
{
    /// <summary>A person looked at it.</summary>
    public bool ByPerson => How is "chat" or "terminal";
}

/// <summary>Gets what a plan needs, by the way that fits the client: a form, the two-step token, or the operator's terminal.</summary>
internal sealed class Consent(ServerOptions options, Policy policy, string origin, Asking asking, Questions questions, Codes codes, Tokens tokens)
{
    /// <summary>Hash of the call itself: what tokens, questions and codes are bound to.</summary>
    public string Bound(Call call) =>
        Canonical.Hash(origin, call.Tool, Schema(call), Canonical.Of(call.Arguments), call.Principal.Name, policy.Version, options.Workspace);

    /// <summary>Consent, or an exception: the question, or the refusal.</summary>
    public Consented Obtain(Call call, Plan plan, Asking.Reply? reply)
    {
        if (plan.Need == Need.Nothing)
            return new(null);
        var bound = Bound(call);
        if (codes.UseGranted(Canonical.Hash(bound, plan.State)))
            return new("terminal");
        if (reply is not null)
            return Judge(plan, reply, bound, call);
        if (plan.IsPart && policy.IsUnattended)
            return new("policy");
        if (questions.PausedFor(Conversation(call)) is > 0 and var seconds)
            throw Refusals.Throttled("The person declined three times in a row.", seconds);
        var masked = IsMasked(plan);
        if (Asking.CanAsk(call) && plan.Question.Length <= QuestionText.Longest && !masked)
            throw asking.Ask(call, plan, bound);
        if (plan.IsPart && !Asking.CanAsk(call))
            return Step(call, plan, bound);
        throw Elsewhere("confirmation_unavailable", Asking.CanAsk(call)
            ? masked ? "Part of the question looks like a secret, and is not shown in the chat." : "The question is too long to be shown whole in the chat."
            : "A person must approve this, and this client cannot ask.", call, plan, bound);
    }

    /// <summary>A part that nothing armed rests on is deleted without a question.</summary>
    public bool LetsPartsGo => policy.IsUnattended;

    /// <summary>True where obtaining it means a question in the chat, and nothing else that stands in its place.</summary>
    public bool AsksInChat(Call call, Plan plan) => plan.Need != Need.Nothing && Asking.CanAsk(call) && !(plan.IsPart && policy.IsUnattended)
        && plan.Question.Length <= QuestionText.Longest && !IsMasked(plan) && !codes.IsAnyGranted(Questions.Owner(origin, call.Principal.Name), call.Tool);

    // Nobody approves what was not shown: neither what is too long, nor what stands behind a mask.
    private static bool IsMasked(Plan plan) => !ReferenceEquals(Redaction.Redactor.Mask(plan.Question), plan.Question);

    private Consented Judge(Plan plan, Asking.Reply reply, string bound, Call call)
    {
        if (reply.State.State != plan.State)
            throw Refusals.StateChanged;
        if (Asking.IsYes(plan, reply.Result))
        {
            questions.CountYes(Conversation(call));
            return new("chat", reply.Took);
        }

        if (reply.Result.IsAccepted)
            throw Refusals.NotConfirmed;
        if (reply.IsUnseen)
            throw Elsewhere("not_shown", "The client declined at once: no person saw the question.", call, plan, bound);
        questions.CountDecline(Conversation(call));
        throw reply.Result.Action == "cancel" ? Refusals.Cancelled : Refusals.Declined;
    }

    private Consented Step(Call call, Plan plan, string bound)
    {
        if (call.Controls.ConfirmationToken is not { } token)
            throw Refusals.TokenNeeded(tokens.Give(bound, plan.State), plan.Question);
        var verdict = tokens.Use(token, bound, plan.State);
        return verdict == Tokens.Verdict.Good ? new("token") : throw Refusals.Token(verdict);
    }

    private ToolException Elsewhere(string errorCode, string why, Call call, Plan plan, string bound) =>
        codes.Open(Canonical.Hash(bound, plan.State), Questions.Owner(origin, call.Principal.Name), call.Tool, plan.Question, plan.Phrase, Questions.MostOpen) is { } code
            ? Refusals.AtTerminal(errorCode, why, code, plan.Question)
            : Refusals.Throttled($"{Questions.MostOpen} questions wait for an answer already.", 60);

    private static string Conversation(Call call) => $"{call.Principal.Name} {call.Mcp.Server.SessionId}";

    private static string Schema(Call call) => PublishedTool.Of(call.Tool).InputSchema.GetRawText();
}
