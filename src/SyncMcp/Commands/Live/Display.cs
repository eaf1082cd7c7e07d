using System.Text;

namespace SyncMcp.Commands.Live;

/// <summary>Where lines are shown: a terminal of some size that is redrawn in place, or a pipe that gets plain lines.</summary>
/// <param name="output">Where they go.</param>
/// <param name="size">Columns and rows of the terminal; null where it is none.</param>
internal sealed class Display(TextWriter output, Func<(int Columns, int Rows)>? size)
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const int Unbounded = 200;

    private string last = "";

    /// <summary>The one that a command writes to.</summary>
    public static Display Of(TextWriter output) => new(output, Terminal.Window(output));

    /// <summary>Columns that a line may have.</summary>
    public int Width => size is null ? Unbounded : Math.Max(20, size().Columns);

    /// <summary>Shows lines once.</summary>
    public async Task ShowAsync(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
            await output.WriteLineAsync(line);
    }

    /// <summary>Shows lines again and again until it is stopped: in place on a terminal, which is left as it was; elsewhere whenever they have changed.</summary>
    /// <param name="lines">What to show now.</param>
    /// <param name="period">Time between two looks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it: Ctrl-C.</param>
    public async Task WatchAsync(Func<Task<IReadOnlyList<string>>> lines, TimeSpan period, TimeProvider time, CancellationToken ct)
    {
        if (size is not null)
            await output.WriteAsync(Enter);
        try
        {
            while (true)
            {
                await DrawAsync(await lines());
                await Task.Delay(period, time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // A person has seen enough.
        }
        finally
        {
            if (size is not null)
            {
                await output.WriteAsync(Leave);
                await output.FlushAsync(CancellationToken.None);
            }
        }
    }

    // One write for a whole picture, each line over the old one: nothing is cleared first, so nothing flickers.
    private async Task DrawAsync(IReadOnlyList<string> lines)
    {
        if (size is null)
        {
            var text = string.Join('\n', lines);
            if (text == last)
                return;
            last = text;
            await ShowAsync([.. lines, ""]);
            return;
        }

        var (columns, rows) = size();
        var picture = new StringBuilder("\u001b[H");
        var shown = lines.Take(Math.Max(1, rows - 1)).ToList();
        for (var at = 0; at < shown.Count; at++)
            picture.Append(shown[at].Length > columns ? shown[at][..columns] : shown[at]).Append("\u001b[K").Append(at < shown.Count - 1 ? "\r\n" : "");
        picture.Append("\u001b[J");
        await output.WriteAsync(picture.ToString());
        await output.FlushAsync(CancellationToken.None);
    }
}
