using System.Security.Cryptography;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>
/// Puts questions to the person through the client, and takes the answers. A question leaves as an exception that the SDK turns into what the client's
/// revision of the protocol knows; the whole call then comes again with the answer, so that everything is read anew before it counts.
/// </summary>
internal sealed class Asking(StateStore store, Questions questions)
{
    private const string Field = "answer";
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(1);
    private readonly QuestionKeys keys = new(store);

    /// <summary>An answer that came back with a call.</summary>
    /// <param name="State">To which question.</param>
    /// <param name="Result">What the client says that the person did.</param>
    /// <param name="Took">How long that took.</param>
    internal sealed record Reply(QuestionState State, ElicitResult Result, TimeSpan Took)
    {
        /// <summary>Too fast for anybody to have seen the question.</summary>
        public bool IsUnseen => Took < Seen;
    }

    /// <summary>True for a client that can put a form to a person; one that names only pages of the web cannot.</summary>
    public static bool CanAsk(Call call) => call.Mcp.Server.IsMrtrSupported && call.Mcp.Server.ClientCapabilities?.Elicitation is { } asks && (asks.Form is not null || asks.Url is null);

    /// <summary>The answer that the call brings; null where it brings none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="bound">Hashes the call; asked for only where an answer came.</param>
    /// <exception cref="McpProtocolException">It answers no question of ours, or one that was answered before, or of another call: never a reason to ask anew.</exception>
    public Reply? Take(Call call, Func<Call, string> bound)
    {
        var (text, responses) = (call.Mcp.Params.RequestState, call.Mcp.Params.InputResponses);
        if (text is null && responses is not { Count: > 0 })
            return null;
        if (text is null || QuestionState.Read(text, keys.Find) is not { } state || state.Bound != bound(call))
            throw Bent("requestState is not the one that came with the question.");
        if (responses is null || !responses.TryGetValue(Field, out var response))
            throw Bent("inputResponses hold no answer to the question.");
        ElicitResult result;
        try
        {
            result = response.Deserialize(InputResponse.ElicitResultJsonTypeInfo) ?? throw Bent("The answer is empty.");
        }
        catch (JsonException)
        {
            throw Bent("The answer cannot be read.");
        }

        if (!questions.TryClose(state.Nonce, call.Principal.Name))
            throw Bent("This question was answered before, or is too old.");
        return new(state, result, TimeSpan.FromMilliseconds(store.Now - state.AskedAt));
    }

    /// <summary>Asks; leaves as an exception.</summary>
    public Exception Ask(Call call, Plan plan, string bound)
    {
        // The same call asked about again takes the place of its older question, where there are too many.
        var nonce = bound[..16] + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var state = new QuestionState(nonce, bound, plan.State, store.Now);
        if (questions.Open(nonce, sameCall: bound[..16], call.Principal.Name) is > 0 and var seconds)
            return Refusals.Throttled($"{Questions.MostOpen} questions wait for an answer already.", seconds);
        var form = new ElicitRequestParams { Message = plan.Question, RequestedSchema = plan.Need == Need.Phrase ? Typed(plan.Phrase!) : Confirmed() };
        return new InputRequiredException(new Dictionary<string, InputRequest> { [Field] = InputRequest.ForElicitation(form) }, state.Sign(keys.Current()));
    }

    /// <summary>True where the answer says yes in the form that was asked for: <c>{}</c> is none, and neither is a phrase that differs.</summary>
    public static bool IsYes(Plan plan, ElicitResult result)
    {
        if (!result.IsAccepted || result.Content is not { } content)
            return false;
        return plan.Need == Need.Phrase
            ? content.TryGetValue("phrase", out var phrase) && phrase.ValueKind == JsonValueKind.String && phrase.GetString()!.Trim() == plan.Phrase
            : content.TryGetValue("confirm", out var confirm) && confirm.ValueKind == JsonValueKind.True;
    }

    private static ElicitRequestParams.RequestSchema Confirmed() => new()
    {
        Properties = { ["confirm"] = new ElicitRequestParams.BooleanSchema { Title = "Confirm", Description = "Yes, do this" } },
        Required = ["confirm"],
    };

    private static ElicitRequestParams.RequestSchema Typed(string phrase) => new()
    {
        Properties = { ["phrase"] = new ElicitRequestParams.StringSchema { Title = "Phrase", Description = $"Type \"{phrase}\"", MaxLength = 100 } },
        Required = ["phrase"],
    };

    private static McpProtocolException Bent(string why) => new(why, McpErrorCode.InvalidParams);
}
