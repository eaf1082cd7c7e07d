using ModelContextProtocol.Protocol;

namespace SyncMcp.Commands.Demo;

/// <summary>The person at the client: reads what the guard asks, thinks, and declines.</summary>
internal sealed class Person(Screen screen, TimeSpan thinking, TimeProvider time)
{
    /// <summary>What was asked so far.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Why the next question is declined.</summary>
    public string Reason { get; set; } = "I did not ask for that.";

    public async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken ct)
    {
        Asked.Add(question?.Message ?? "");
        screen.Question(question?.Message ?? "", string.Join("; ", question?.RequestedSchema?.Properties.Select(field => $"{field.Key}: {field.Value.Description ?? field.Value.Title ?? field.Value.Type}") ?? []));
        await Task.Delay(thinking, time, ct);
        screen.Say($"  declined after {thinking.TotalSeconds:0.#} seconds, as a person would: \"{Reason}\"");
        return new() { Action = "decline" };
    }
}
