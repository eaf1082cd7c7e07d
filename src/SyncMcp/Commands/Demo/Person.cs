using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Commands.Demo;

/// <summary>The person at the client: reads what the guard asks, thinks, and declines what was not asked for.</summary>
internal sealed class Person(Screen screen, TimeSpan thinking, TimeProvider time)
{
    /// <summary>What was asked so far.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Why the next question is declined.</summary>
    public string Reason { get; set; } = "I did not ask for that.";

    /// <summary>What comes next is what the person wants.</summary>
    public bool Agrees { get; set; }

    /// <summary>How often the person agreed.</summary>
    public int Agreed { get; private set; }

    public async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken ct)
    {
        Asked.Add(question?.Message ?? "");
        screen.Question(question?.Message ?? "", string.Join("; ", question?.RequestedSchema?.Properties.Select(field => $"{field.Key}: {field.Value.Description ?? field.Value.Title ?? field.Value.Type}") ?? []));
        await Task.Delay(thinking, time, ct);
        if (Agrees)
        {
            Agreed++;
            screen.Say($"  confirmed after {thinking.TotalSeconds:0.#} seconds");
            return new() { Action = "accept", Content = question?.RequestedSchema?.Properties.ToDictionary(field => field.Key, field => Answer(field.Value.Description)) ?? [] };
        }

        screen.Say($"  declined after {thinking.TotalSeconds:0.#} seconds, as a person would: \"{Reason}\"");
        return new() { Action = "decline" };
    }

    // What is to be typed stands in quotes; else it is a box to tick.
    private static JsonElement Answer(string? description) => description?.Split('"') is [_, var phrase, _]
        ? JsonElement.Parse($"\"{JsonEncodedText.Encode(phrase)}\"")
        : JsonElement.Parse("true");
}
