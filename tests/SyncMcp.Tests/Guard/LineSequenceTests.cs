using CsCheck;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>
/// Random sequences of drafts, arming and runs of a job, a transformation, an event and the pipeline of all three, against a small model of the rules:
/// nothing is sent that runs or arms what nobody approved, and nothing that was approved is asked about again.
/// </summary>
public sealed class LineSequenceTests
{
    private static readonly Gen<(LineStep Step, int Value, bool Yes)[]> Sequences =
        Gen.Select(Gen.Enum<LineStep>(), Gen.Int[0, 2], Gen.Int[0, 9], (step, value, luck) => (step, value, luck < 7)).Array[60];

    [Fact]
    public async Task The_guard_does_what_the_rules_say_of_a_whole_line_whatever_the_order() => await Sequences.SampleAsync(PlayAsync, iter: 3, threads: 1);

    private static async Task PlayAsync((LineStep Step, int Value, bool Yes)[] steps)
    {
        var time = new JumpingTime();
        await using var server = await LineServer.StartAsync();
        await using var session = await server.SessionAsync(options => options with { Time = time });
        var model = new LineModel();
        foreach (var (step, value, yes) in steps)
        {
            session.Person.Answers(question =>
            {
                time.Jump(TimeSpan.FromSeconds(3)); // read
                return yes ? Yes(question) : new() { Action = "decline" };
            });
            time.Jump(TimeSpan.FromSeconds(61)); // past any pause
            var (tool, arguments, after, closure) = model.Foresee(step, value);
            var (need, effects, asked) = (model.NeedOf(closure), server.Effects, session.Person.Questions.Count);

            var answer = await session.CallAsync(tool, arguments);

            var what = $"{step} {value} {yes} in {model}: {answer.Text}";
            Assert.True(need == Shown(session.Person.Questions.Skip(asked).ToList()), $"{what}\nforeseen {need}");
            Assert.True((need == "" || yes) == !answer.IsError, what);
            Assert.True(server.Effects - effects == (answer.IsError ? 0 : 1), what);
            if (!answer.IsError)
                model.Done(after, closure);
        }
    }

    private static string Shown(List<ElicitRequestParams> questions) => questions switch
    {
        [] => "",
        [var one] => one.RequestedSchema!.Properties.Keys.Single(),
        _ => "several questions",
    };

    private static ElicitResult Yes(ElicitRequestParams question)
    {
        var person = new Person();
        person.Confirms();
        return person.AnswerAsync(question, default).AsTask().GetAwaiter().GetResult();
    }
}
