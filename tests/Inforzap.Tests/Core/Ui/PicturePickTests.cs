using Bunit;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Ui;
using Microsoft.AspNetCore.Components.Forms;

namespace Inforzap.Tests.Core.Ui;

public sealed class PicturePickTests : ComponentTest
{
    private readonly List<byte[]?> taken = [];
    private string? problem;

    private IRenderedComponent<PicturePick> Pick(Func<byte[]?, Task>? take = null, bool has = true) => Render<PicturePick>(p => p
        .Add(c => c.Choose, "Escolher").Add(c => c.Remove, "Remover").Add(c => c.Has, has).Add(c => c.MostBytes, 10).Add(c => c.TooLarge, "grande").Add(c => c.Unreadable, "ilegível")
        .Add(c => c.ProblemChanged, p => problem = p).Add(c => c.Take, take ?? (bytes =>
        {
            taken.Add(bytes);
            return Task.CompletedTask;
        })));

    [Fact(DisplayName = "What is chosen is taken whole, what is too large is not looked at, and another try clears what was said")]
    public void Chosen()
    {
        var pick = Pick();
        pick.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(new byte[11], "a.png"));
        Assert.Equal(("grande", 0), (problem, taken.Count));
        pick.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([1, 2, 3], "b.png"));
        pick.WaitForAssertion(() => Assert.Equal([1, 2, 3], Assert.Single(taken)!));
        Assert.Null(problem);
    }

    [Fact(DisplayName = "It is taken away where there is one, and a refusal is told")]
    public void Removed()
    {
        Assert.Empty(Pick(has: false).FindAll("button"));
        Pick(_ => throw new Refusal("Não pode.")).Find("button").Click();
        Assert.Equal("Não pode.", problem);
    }
}
