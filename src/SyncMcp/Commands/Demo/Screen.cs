using Spectre.Console;

namespace SyncMcp.Commands.Demo;

/// <summary>What the demo shows: coloured on a terminal, plain lines elsewhere. All text from servers and data comes through <see cref="Plain"/>.</summary>
internal sealed class Screen
{
    private readonly IAnsiConsole console;
    private readonly TextWriter writer;

    /// <summary>A screen over a writer.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="terminal">Colours and a moving bar; null asks the system.</param>
    public Screen(TextWriter writer, bool? terminal = null)
    {
        this.writer = writer;
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        IsTerminal = terminal ?? (console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi);
    }

    /// <summary>A person is looking.</summary>
    public bool IsTerminal { get; }

    /// <summary>A new part of the story.</summary>
    public void Chapter(int number, string title)
    {
        writer.WriteLine();
        if (IsTerminal)
            console.Write(new Rule($"[bold]{number}. {Plain(title)}[/]") { Justification = Justify.Left, Style = Style.Parse("blue") });
        else
            writer.WriteLine($"== {number}. {title}");
    }

    /// <summary>Our words.</summary>
    public void Say(string text) => Line(Plain(text));

    /// <summary>A tool call as the assistant makes it.</summary>
    public void Call(string tool, string arguments) => Line($"[blue]>[/] [bold]{tool}[/] [grey]{Plain(arguments)}[/]");

    /// <summary>What came back, short.</summary>
    public void Answer(string text, bool isError = false) => Line($"  [{(isError ? "yellow" : "green")}]{Plain(text)}[/]");

    /// <summary>A fact that the demo insists on.</summary>
    public void Check(bool held, string text) => Line(held ? $"  [green]ok[/] {Plain(text)}" : $"  [red]FAILED[/] {Plain(text)}");

    /// <summary>A question to the person at the client.</summary>
    public void Question(string message, string form)
    {
        if (IsTerminal)
        {
            console.Write(new Panel($"{Plain(message, lines: true)}\n\n[grey]{Plain(form)}[/]") { Header = new("the client asks you"), BorderStyle = Style.Parse("yellow") });
            return;
        }

        writer.WriteLine("  the client asks you:");
        foreach (var line in $"{Clean(message, lines: true)}\n{Clean(form)}".Split('\n', StringSplitOptions.RemoveEmptyEntries))
            writer.WriteLine($"  | {line}");
    }

    /// <summary>Shows how far something is until it is done: a moving bar, or a line at each quarter.</summary>
    /// <param name="what">What is going on.</param>
    /// <param name="total">The end.</param>
    /// <param name="work">Gets a way to say how far it is.</param>
    public async Task<T> ProgressAsync<T>(string what, double total, Func<Action<double>, Task<T>> work)
    {
        if (!IsTerminal)
        {
            var shown = 0;
            return await work(value =>
            {
                for (; shown < 4 && value >= total * (shown + 1) / 4; shown++)
                    writer.WriteLine($"  {what}: {(shown + 1) * 25} %");
            });
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn(Spinner.Known.Line))
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Plain(what), maxValue: total);
                var result = await work(value => bar.Value = Math.Min(value, total));
                bar.Value = total;
                return result;
            });
    }

    /// <summary>Names and values.</summary>
    public void Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        if (IsTerminal)
        {
            var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
            table.AddColumn("").AddColumn("");
            foreach (var (name, value) in facts)
                table.AddRow(Plain(name), Plain(value));
            console.Write(table);
            return;
        }

        foreach (var (name, value) in facts)
            writer.WriteLine($"  {name}: {value}");
    }

    /// <summary>Text to copy: never wrapped, never coloured.</summary>
    public void Copy(string text) => writer.WriteLine(text);

    private static string Plain(string text, bool lines = false) => Markup.Escape(Clean(text, lines));

    private static string Clean(string text, bool lines = false)
        => string.Concat(text.Select(c => c == '\n' && lines ? c : char.IsControl(c) ? ' ' : c));

    private void Line(string markup)
    {
        if (IsTerminal)
            console.MarkupLine(markup);
        else
            writer.WriteLine(Markup.Remove(markup));
    }
}
